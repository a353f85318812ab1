import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkouts } from '../sources/releases/checkouts.ts';
import type { Store } from '../store/store.ts';

/** How long things are kept, in days. */
const kept = { journalDays: 400, outputDays: 30, checkoutDays: 7 } as const;

const dayMs = 24 * 60 * 60_000;

/** What retention works with. */
export type RetentionOptions = {
  readonly store: Store;
  readonly checkouts: Checkouts;
  readonly runsFolder: string;
  readonly log: (message: string) => void;
};

/** Deletes what is older than retention allows, now and every day; private kubeconfigs go as soon as no run needs them. */
export function startRetention(options: RetentionOptions): { dispose(): void } {
  const prune = () => void pruneAll(options).catch(error => options.log(`retention: ${String(error)}`));
  prune();
  const timer = setInterval(prune, dayMs);
  timer.unref();
  return { dispose: () => clearInterval(timer) };
}

async function pruneAll({ store, checkouts, runsFolder }: RetentionOptions): Promise<void> {
  const now = new Date();
  const { journalDays, outputDays, checkoutDays } = kept;
  store.prune({ journalDays, outputDays, now });
  await checkouts.clean({ now, maxAgeMs: checkoutDays * dayMs });
  const running = new Set(store.promotions.running().map(({ id }) => id));
  for (const id of await readdir(runsFolder).catch(() => [])) {
    if (!running.has(id)) {
      const folder = join(runsFolder, id);
      const age = now.getTime() - (await stat(folder)).mtimeMs;
      await rm(age > outputDays * dayMs ? folder : join(folder, 'kubeconfig'), {
        recursive: true,
        force: true,
      });
    }
  }
}
