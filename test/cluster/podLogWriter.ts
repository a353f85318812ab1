import { closeSync, openSync, writeSync } from 'node:fs';
import { appendFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox } from '../../sandbox/startCluster.ts';

/** A line as the container runtime writes it: `P` is a part of a line that goes on in the next. */
export type RuntimeLine = {
  readonly time: string;
  readonly stream?: 'stdout' | 'stderr';
  readonly tag?: 'F' | 'P';
  readonly text: string | Buffer;
  /** The container ended in the middle of the line. */
  readonly unfinished?: boolean;
};

/** Writes what a container says into the file that KWOK serves as its log, as a container runtime would. */
export class PodLogWriter {
  readonly path: string;
  readonly previousPath: string;

  constructor(
    sandbox: Sandbox,
    container: { readonly namespace: string; readonly pod: string; readonly container: string },
  ) {
    const folder = join(sandbox.stateDir, 'pod-logs', container.namespace, container.pod);
    this.path = join(folder, `${container.container}.log`);
    this.previousPath = join(folder, `${container.container}.previous.log`);
  }

  /** True once KWOK has a file for the container. */
  async exists(): Promise<boolean> {
    return stat(this.path).then(
      () => true,
      () => false,
    );
  }

  /** Appends lines in one go. */
  async append(lines: readonly RuntimeLine[]): Promise<void> {
    await this.appendEncoded(encodeLines(lines));
  }

  /** Appends what `encodeLines` has built: for a burst whose building is not to be measured. */
  async appendEncoded(lines: Buffer): Promise<void> {
    await appendFile(this.path, lines, { mode: 0o600 });
  }

  /** Opens the file for lines that are in it when `append` is done: for many small writes whose time counts. */
  open(): { readonly append: (lines: readonly RuntimeLine[]) => void; readonly close: () => void } {
    const file = openSync(this.path, 'a', 0o600);
    return { append: lines => writeSync(file, encodeLines(lines)), close: () => closeSync(file) };
  }

  /** Puts the file aside and begins a new one: the log was rotated, and what was in it cannot be read any more. */
  async rotate(): Promise<void> {
    await rename(this.path, `${this.path}.1`);
    await appendFile(this.path, '', { mode: 0o600 });
  }

  /** The container ends and begins anew: what it wrote so far is the previous log from now on. */
  async turnOver(): Promise<void> {
    await rename(this.path, this.previousPath);
    await appendFile(this.path, '', { mode: 0o600 });
  }
}

/** Lines as the runtime writes them into its file. */
export function encodeLines(lines: readonly RuntimeLine[]): Buffer {
  return Buffer.concat(
    lines.flatMap(({ time, stream = 'stdout', tag = 'F', text, unfinished = false }) => [
      Buffer.from(`${time} ${stream} ${tag} `),
      typeof text === 'string' ? Buffer.from(text) : text,
      unfinished ? Buffer.alloc(0) : lineFeed,
    ]),
  );
}

const lineFeed = Buffer.from('\n');

/** A time with nanoseconds, as runtimes write it. */
export function writeTime(milliseconds: number, nanoseconds = 0): string {
  const text = new Date(milliseconds).toISOString();
  return `${text.slice(0, 23)}${String(nanoseconds).padStart(6, '0')}Z`;
}
