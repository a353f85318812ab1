import * as z from 'zod';

/** A column that holds JSON as text; what it holds is for the schema that this is piped to. */
export const jsonColumn = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('no JSON');
    return z.NEVER;
  }
});
