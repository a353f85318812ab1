import type { Page } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';

/**
 * Waits until the editor keeps this, or no more. The browser's editor writes what is kept seconds later; a window that
 * is loaded anew before has none of it.
 */
export async function waitUntilKept(page: Page, text: string, { kept = true } = {}): Promise<void> {
  await waitFor(
    `${text} to be ${kept ? 'kept' : 'kept no more'}`,
    async () => String(await page.evaluate(readKept)).includes(text) === kept,
    { limitMs: 60_000 },
  );
}

/**
 * Waits until the editor keeps that its side bar shows this container, or no more: a window that is loaded anew then
 * opens it by itself, or does not. It keeps nothing while that shows the Explorer.
 */
export function waitUntilSideBar(
  page: Page,
  container: string,
  options?: { readonly kept: boolean },
): Promise<void> {
  return waitUntilKept(
    page,
    `workbench.sidebar.activeviewletid=workbench.view.extension.${container}`,
    options,
  );
}

/** Everything that the editor keeps in the browser: a line `key=value` for each. */
const readKept = `(async () => {
  const ended = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  let text = '';
  for (const { name } of await indexedDB.databases()) {
    const database = await ended(indexedDB.open(name));
    for (const storeName of database.objectStoreNames) {
      const store = database.transaction(storeName).objectStore(storeName);
      const [keys, values] = await Promise.all([ended(store.getAllKeys()), ended(store.getAll())]);
      for (const [index, key] of keys.entries()) {
        text += key + '=' + values[index] + '\\n';
      }
    }
    database.close();
  }
  return text;
})()`;
