import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildJsonSchema } from './buildJsonSchema.ts';

// Run by hand after a change of the schema: node daemon/sources/procedure/writeSchema.ts
const target = fileURLToPath(new URL('../../../schemas/slipway.schema.json', import.meta.url));
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, buildJsonSchema());
process.stdout.write(`${target}\n`);
