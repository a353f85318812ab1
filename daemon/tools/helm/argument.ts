import type { PlannedArgument } from '../../model/plan.ts';
import { SlipwayError } from '../../protocol/errors.ts';

/** Refuses a value that a tool would read as a flag, and one that no argument can carry. */
export function checkArgument(field: string, value: string): string {
  if (value.startsWith('-') || value.includes('\0') || value === '') {
    throw new SlipwayError(
      'invalidArgument',
      `${field} is ${JSON.stringify(value)}: it must not be empty or begin with "-".`,
      { details: { field } },
    );
  }
  return value;
}

/** Arguments as the document has them. */
export function documented(...texts: readonly string[]): readonly PlannedArgument[] {
  return texts.map(text => ({ text, added: false }));
}

/** Arguments that Slipway puts beside the document's. */
export function added(...texts: readonly string[]): readonly PlannedArgument[] {
  return texts.map(text => ({ text, added: true }));
}
