import type { PlannedArgument } from '../../model/plan.ts';
import { added, checkDuration, checkNamespace, checkRelease, checkRevision, documented } from './argument.ts';

/**
 * The argument list of `helm rollback` to a named revision: the document's `0` would be the revision before,
 * whatever its status, and so may be one that failed. Helm 4.3.1 goes back to a failed or pending revision without a
 * word, also to a first installation that never was; choosing a good one is the caller's.
 *
 * Without `--wait`, as in the document: its watcher takes what the Deployment still says of the failed rollout
 * ("Progress deadline exceeded") for the end of this one. Whether the workloads come back is looked at afterwards.
 */
export function buildRollbackArguments(options: {
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  /** A Go duration. */
  readonly timeout: string;
  /** Takes over fields that another manager set, such as an image by `kubectl set image`; helm 4 alone knows it. */
  readonly forceConflicts?: boolean;
}): readonly PlannedArgument[] {
  return [
    ...documented('rollback', checkRelease(options.release)),
    ...added(String(checkRevision(options.revision))),
    ...documented('-n', checkNamespace(options.namespace)),
    ...added('--timeout', checkDuration('timeout', options.timeout)),
    ...(options.forceConflicts ? added('--force-conflicts') : []),
  ];
}
