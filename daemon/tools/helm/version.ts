import { SlipwayError } from '../../protocol/errors.ts';
import type { ToolRun } from '../process/toolRun.ts';

/** The major versions of Helm whose flags differ. */
export type HelmMajor = 3 | 4;

/** Which Helm it is. */
export type HelmVersion = {
  /** A later major version counts as 4. */
  readonly major: HelmMajor;
  /** `v4.3.1`. */
  readonly text: string;
};

/** The oldest Helm 3 that has every flag we use: `--labels` since 3.13, `--hide-secret` since 3.15. */
const oldest = { major: 3, minor: 15, text: '3.15' };

/** Asks helm for its version; contacts no cluster. `parse` throws SlipwayError `toolTooOld`. */
export function buildVersionRun(): ToolRun<HelmVersion> {
  return {
    tool: 'helm',
    args: ['version', '--short'],
    parse: ({ stdout }) => parseHelmVersion(stdout),
  };
}

/** Parses what `helm version --short` prints: `v4.3.1`, `v3.21.4+g05fa379`. Throws SlipwayError `toolTooOld`. */
export function parseHelmVersion(stdout: string): HelmVersion {
  const [text, majorText, minorText] = /v(\d+)\.(\d+)\.\d+[^\s+]*/.exec(stdout) ?? [];
  if (text === undefined) {
    throw new Error(`helm says its version as ${JSON.stringify(stdout.slice(0, 100))}`);
  }
  const major = Number(majorText);
  if (major < oldest.major || (major === oldest.major && Number(minorText) < oldest.minor)) {
    throw new SlipwayError(
      'toolTooOld',
      `helm is ${text}; Slipway needs ${oldest.text} or later, best Helm 4.`,
      {
        details: { tool: 'helm', version: text },
      },
    );
  }
  return { major: major === 3 ? 3 : 4, text };
}
