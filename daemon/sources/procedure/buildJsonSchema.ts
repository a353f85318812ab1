import * as z from 'zod';
import { procedureSchema } from './procedureSchema.ts';

/** Builds the JSON Schema of slipway.yaml (draft 7, which editors know best) as text for a file. */
export function buildJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(procedureSchema, { target: 'draft-7', io: 'input' });
  const titled = {
    $schema,
    $id: 'https://slipway.dev/v1/procedure.schema.json',
    title: 'slipway.yaml',
    ...schema,
  };
  return `${JSON.stringify(titled, undefined, 2)}\n`;
}
