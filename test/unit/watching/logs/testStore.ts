import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogStore, type StoreLimits } from '../../../../daemon/watching/logs/logStore.ts';

/** A store on a real disk that is small enough to overflow. */
export type TestStore = {
  readonly store: LogStore;
  readonly folder: string;
  readonly failures: unknown[];
  /** Appends lines numbered on, of one source. */
  readonly say: (count: number, source?: number, build?: (number: number) => string) => void;
  readonly dispose: () => void;
};

/** Small limits: ten entries a segment, fifty in all. */
export const smallLimits: StoreLimits = {
  entries: 50,
  bytes: 1_000_000,
  segment: { entries: 10, bytes: 100_000 },
};

/** Opens a store in a folder of its own. */
export function openTestStore(limits?: StoreLimits, onChanged: () => void = () => {}): TestStore {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-store-'));
  const failures: unknown[] = [];
  let number = 0;
  const store = new LogStore({
    folder,
    name: 'log',
    onChanged,
    onFailed: error => failures.push(error),
    ...(limits ? { limits } : {}),
  });
  return {
    store,
    folder,
    failures,
    say: (count, source = 0, build = one => `line ${one}`) => {
      const texts = Array.from(
        { length: count },
        () => `2026-11-25T21:24:25.123456789Z ${build(number++)}\n`,
      );
      const ends: number[] = [];
      let end = 0;
      for (const text of texts) {
        end += Buffer.byteLength(text);
        ends.push(end);
      }
      store.append({ bytes: Buffer.from(texts.join('')), ends }, source);
    },
    dispose: () => {
      store.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
