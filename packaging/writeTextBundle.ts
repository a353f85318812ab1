import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildTextBundle, textBundleFile } from './buildTextBundle.ts';

/** `npm run fix` writes the bundle of texts anew with this. */
const root = join(import.meta.dirname, '..');
const file = join(root, textBundleFile);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, buildTextBundle(root));
