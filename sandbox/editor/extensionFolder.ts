import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { stageExtension } from '../../packaging/stageExtension.ts';

const manifestSchema = z.object({ publisher: z.string(), name: z.string(), version: z.string() });
const root = join(import.meta.dirname, '..', '..');

/**
 * Puts the built extension into a folder of extensions as an unpacked one, in place of an earlier one; returns where.
 *
 * Rejects when `npm run build` has not made the bundles in dist/.
 */
export async function installExtension(extensionsFolder: string): Promise<string> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const place = join(extensionsFolder, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  await rm(place, { recursive: true, force: true });
  // VS Code's own list of what is installed: without it, it looks into the folder anew.
  await rm(join(extensionsFolder, 'extensions.json'), { force: true });
  await stageExtension({ into: place });
  return place;
}
