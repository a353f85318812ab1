import type { ToolRun } from '../process/toolRun.ts';
import { checkNamespace, checkRelease, checkRevision } from './argument.ts';

/** Reads the manifest that Helm keeps for a revision: YAML documents, Secrets in clear. */
export function buildManifestRun(options: {
  readonly release: string;
  readonly namespace: string;
  /** The newest unless said. */
  readonly revision?: number;
}): ToolRun<string> {
  return {
    tool: 'helm',
    args: [
      'get',
      'manifest',
      checkRelease(options.release),
      '--namespace',
      checkNamespace(options.namespace),
      ...(options.revision === undefined ? [] : ['--revision', String(checkRevision(options.revision))]),
    ],
    parse: ({ stdout }) => stdout,
  };
}
