import { SlipwayError } from '../../protocol/errors.ts';
import type { ToolRun } from '../process/toolRun.ts';

/** The oldest git whose options we use: `rev-parse --path-format` and `GIT_CONFIG_COUNT` since 2.31. */
const oldest = { major: 2, minor: 31 };

/** Asks git for its version: `2.39.5`. `parse` throws SlipwayError `toolTooOld`. */
export function buildVersionRun(): ToolRun<string> {
  return { tool: 'git', args: ['--version'], parse: ({ stdout }) => parseGitVersion(stdout) };
}

/** Parses what `git --version` prints: `git version 2.39.5 (Apple Git-154)`. Throws SlipwayError `toolTooOld`. */
function parseGitVersion(stdout: string): string {
  const [text, majorText, minorText] = /(\d+)\.(\d+)(?:\.\d+)*/.exec(stdout) ?? [];
  if (text === undefined) {
    throw new Error(`git says its version as ${JSON.stringify(stdout.slice(0, 100))}`);
  }
  const [major, minor] = [Number(majorText), Number(minorText)];
  if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) {
    const message = `git is ${text}; Slipway needs ${oldest.major}.${oldest.minor} or later.`;
    throw new SlipwayError('toolTooOld', message, { details: { tool: 'git', version: text } });
  }
  return text;
}
