import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../sandbox/waitFor.ts';

/** What a daemon measured of itself since the last reset. */
export type LoopFigures = {
  /** The longest time for which its event loop stood still, the machine's other work included. */
  readonly delayMs: number;
  readonly p99Ms: number;
  /** The same in processor time of its main thread: never its neighbours' fault. */
  readonly longestTaskMs: number;
  readonly rss: number;
  readonly peakRss: number;
  readonly heapUsed: number;
  readonly external: number;
};

/** Watches a daemon's event loop from inside it. */
export class LoopWatch {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, 'loop.json');
  }

  /** What a daemon must be started with. */
  get env(): Record<string, string> {
    const preload = join(import.meta.dirname, 'preload', 'loopWatch.cjs');
    return { NODE_OPTIONS: `--require=${preload}`, SLIPWAY_LOOP_FILE: this.#file };
  }

  /** Begins anew. */
  reset(pid: number): void {
    process.kill(pid, 'SIGUSR2');
  }

  async read(): Promise<LoopFigures> {
    let text = '';
    const isThere = async () => {
      text = await readFile(this.#file, 'utf8');
      return text !== '';
    };
    await waitFor('the figures of the daemon', isThere, { limitMs: 10_000 });
    return JSON.parse(text) as LoopFigures;
  }
}
