import { setTimeout as wait } from 'node:timers/promises';
import { type PodLogWriter, type RuntimeLine, writeTime } from './podLogWriter.ts';

/** Lines of one container that can be counted: `#NAME NUMBER TEXT`. */
export class NumberedLines {
  readonly #writer: PodLogWriter;
  readonly #name: string;
  readonly #count: number;
  #next = 0;
  #busy: Promise<void> = Promise.resolve();

  constructor(writer: PodLogWriter, name: string, count: number) {
    this.#writer = writer;
    this.#name = name;
    this.#count = count;
  }

  /** How many lines have been written. */
  get written(): number {
    return this.#next;
  }

  /** Writes them in small portions, about so many a second. */
  async write({ perSecond }: { readonly perSecond: number }): Promise<void> {
    const begun = performance.now();
    const first = this.#next;
    while (this.#next < this.#count) {
      await wait(20);
      const due = first + Math.round(((performance.now() - begun) * perSecond) / 1000);
      await this.portion(Math.min(this.#count, due) - this.#next);
    }
  }

  /** Writes so many lines now: four at a time share a time, one in twenty is a little late. */
  async portion(count: number): Promise<void> {
    if (count <= 0) {
      return;
    }
    const now = Date.now();
    const lines = Array.from({ length: count }, (_, index): RuntimeLine => {
      const number = this.#next + index;
      const late = number % 20 === 7 ? 2 : 0;
      return {
        time: writeTime(now - late, (number - (number % 4)) % 1_000_000),
        stream: late > 0 ? 'stderr' : 'stdout',
        text: `#${this.#name} ${number} ${'größer als früher — 日志 '.repeat(1 + (number % 3))}`,
      };
    });
    this.#next += count;
    this.#busy = this.#busy.then(() => this.#writer.append(lines));
    await this.#busy;
  }

  /** The container is restarted between two portions. */
  async turnOver(): Promise<void> {
    this.#busy = this.#busy.then(() => this.#writer.turnOver());
    await this.#busy;
  }

  /** The log is rotated between two portions. */
  async rotate(): Promise<void> {
    this.#busy = this.#busy.then(() => this.#writer.rotate());
    await this.#busy;
  }
}
