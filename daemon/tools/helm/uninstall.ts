import type { PlannedArgument } from '../../model/plan.ts';
import { added, checkArgument } from './argument.ts';

/** The argument list of `helm uninstall`, for a first installation that never was. */
export function buildUninstallArguments(options: {
  readonly release: string;
  readonly namespace: string;
}): readonly PlannedArgument[] {
  return added(
    'uninstall',
    checkArgument('release', options.release),
    '--namespace',
    checkArgument('namespace', options.namespace),
    '--wait',
  );
}
