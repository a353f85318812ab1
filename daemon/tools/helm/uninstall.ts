import type { PlannedArgument } from '../../model/plan.ts';
import { added, checkNamespace, checkRelease } from './argument.ts';

/** The argument list of `helm uninstall`, for a first installation that never was. */
export function buildUninstallArguments(options: {
  readonly release: string;
  readonly namespace: string;
}): readonly PlannedArgument[] {
  return added(
    'uninstall',
    checkRelease(options.release),
    '--namespace',
    checkNamespace(options.namespace),
    '--wait',
  );
}
