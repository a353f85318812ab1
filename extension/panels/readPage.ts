import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The script and the style sheet of a page, as they were built. */
export type PageBundle = { readonly script: string; readonly style: string };

/** Reads a page from the extension's folder: at once, since that takes less than a millisecond. */
export function readPage(extensionPath: string, name: 'checklist' | 'logs'): PageBundle {
  const read = (ending: string) =>
    readFileSync(join(extensionPath, 'dist', 'webview', `${name}.${ending}`), 'utf8');
  return { script: read('js'), style: read('css') };
}
