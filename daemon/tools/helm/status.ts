import type { PlannedArgument } from '../../model/plan.ts';
import { checkNamespace, checkRelease, documented } from './argument.ts';

/** The argument list of the document's `helm status`. */
export function buildStatusArguments(options: {
  readonly release: string;
  readonly namespace: string;
}): readonly PlannedArgument[] {
  return documented('status', checkRelease(options.release), '-n', checkNamespace(options.namespace));
}
