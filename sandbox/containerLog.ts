import { appendFile, copyFile, rename, stat } from 'node:fs/promises';
import type { LogLine } from './logLines.ts';

/** Bytes after which a container's log is put aside; one older file is kept. */
const largestFile = 1_000_000;

/** The log files of one container in one pod, in the format kubelets write (CRI). */
export class ContainerLog {
  readonly path: string;
  readonly previousPath: string;
  #size = 0;

  /** `path` without ending; the files are `.log`, `.previous.log` and, when it grew too large, `.log.1`. */
  constructor(path: string) {
    this.path = `${path}.log`;
    this.previousPath = `${path}.previous.log`;
  }

  /** Opens the file, making it if need be; returns whether lines were in it already. */
  async open(): Promise<boolean> {
    await appendFile(this.path, '', { mode: 0o600 });
    this.#size = (await stat(this.path)).size;
    return this.#size > 0;
  }

  /** Begins the log of the container's next life; the one so far becomes the previous log. */
  async turnOver(): Promise<void> {
    await rename(this.path, this.previousPath);
    await this.open();
  }

  /** Makes the log so far the previous log, too. */
  async keepAsPrevious(): Promise<void> {
    await copyFile(this.path, this.previousPath);
  }

  /** Writes lines, all in one go, with the time of now; no two lines of a process have the same time. */
  async append(lines: readonly LogLine[]): Promise<void> {
    if (this.#size > largestFile) {
      // By renaming, never by cutting: a reader that follows goes on in the new file and loses nothing.
      await rename(this.path, `${this.path}.1`);
      this.#size = 0;
    }
    const text = lines.map(({ stream, text }) => `${nextTime()} ${stream} F ${text}\n`).join('');
    this.#size += Buffer.byteLength(text);
    await appendFile(this.path, text, { mode: 0o600 });
  }
}

let lastTime = 0n;

/** Now, with nanoseconds, later than at every call before. */
function nextTime(): string {
  const now = BigInt(Date.now()) * 1_000_000n;
  lastTime = now > lastTime ? now : lastTime + 1_000n;
  const seconds = new Date(Number(lastTime / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(lastTime % 1_000_000_000n).padStart(9, '0')}Z`;
}
