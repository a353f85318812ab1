import type { PlannedArgument } from '../../model/plan.ts';
import { added, checkArgument, documented } from './argument.ts';

/**
 * The argument list of `helm rollback` to a named revision: the document's `0` would be the revision before,
 * whatever its status, and so may be one that failed.
 */
export function buildRollbackArguments(options: {
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  /** A Go duration. */
  readonly timeout: string;
}): readonly PlannedArgument[] {
  return [
    ...documented('rollback', checkArgument('release', options.release)),
    ...added(String(options.revision)),
    ...documented('-n', checkArgument('namespace', options.namespace)),
    ...added('--wait', '--timeout', options.timeout),
  ];
}
