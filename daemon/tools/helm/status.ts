import type { PlannedArgument } from '../../model/plan.ts';
import { checkArgument, documented } from './argument.ts';

/** The argument list of the document's `helm status`. */
export function buildStatusArguments(options: {
  readonly release: string;
  readonly namespace: string;
}): readonly PlannedArgument[] {
  return documented(
    'status',
    checkArgument('release', options.release),
    '-n',
    checkArgument('namespace', options.namespace),
  );
}
