import { close, openSync, read, unlinkSync, writev } from 'node:fs';
import { promisify } from 'node:util';

const readAsync = promisify(read);
const writevAsync = promisify(writev);

/** Pieces in one call of the system. */
const mostPieces = 512;

/**
 * Bytes that are kept on disk instead of in memory: written at the end, read anywhere. The file has no name any more as
 * soon as it is open, so that nothing of it is left when the daemon dies.
 */
export class SpillFile {
  readonly #descriptor: number;
  readonly #onWritten: (error?: unknown) => void;
  #pieces: Buffer[] = [];
  #waiting = 0;
  #written = 0;
  #writing: Promise<void> | undefined;
  #failure: unknown;
  #uses = 0;
  #closed = false;

  /** Throws the system's error when the file cannot be made. */
  constructor(path: string, onWritten: (error?: unknown) => void) {
    this.#descriptor = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    this.#onWritten = onWritten;
  }

  /** Bytes that are not on disk yet. */
  get waiting(): number {
    return this.#waiting;
  }

  append(bytes: Buffer): void {
    if (this.#failure !== undefined) {
      // A hole would move everything after it.
      return;
    }
    this.#pieces.push(bytes);
    this.#waiting += bytes.length;
    this.#writing ??= this.#write();
  }

  /** Reads bytes that were appended before. Throws what writing them threw. */
  async read(start: number, end: number): Promise<Buffer> {
    this.#uses += 1;
    try {
      while (this.#written < end && this.#writing !== undefined) {
        await this.#writing;
      }
      if (this.#written < end) {
        throw this.#failure ?? new Error('the file of the log is shorter than it should be');
      }
      const bytes = Buffer.allocUnsafe(end - start);
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await readAsync(this.#descriptor, bytes, at, bytes.length - at, start + at);
        if (bytesRead === 0) {
          throw new Error('the file of the log is shorter than it should be');
        }
        at += bytesRead;
      }
      return bytes;
    } finally {
      this.#uses -= 1;
      this.#closeUnlessUsed();
    }
  }

  /** Gives the space back as soon as nobody reads any more. */
  dispose(): void {
    this.#closed = true;
    this.#closeUnlessUsed();
  }

  async #write(): Promise<void> {
    this.#uses += 1;
    try {
      while (this.#pieces.length > 0 && !this.#closed) {
        const pieces = this.#pieces.splice(0, mostPieces);
        const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
        await this.#writeAll(pieces, size);
        this.#written += size;
        this.#waiting -= size;
        this.#onWritten();
      }
    } catch (error) {
      this.#failure = error;
      this.#onWritten(error);
    } finally {
      this.#writing = undefined;
      this.#uses -= 1;
      this.#closeUnlessUsed();
    }
  }

  async #writeAll(pieces: readonly Buffer[], size: number): Promise<void> {
    const { bytesWritten } = await writevAsync(this.#descriptor, pieces, this.#written);
    if (bytesWritten < size) {
      const rest = Buffer.concat(pieces).subarray(bytesWritten);
      for (let at = 0; at < rest.length; ) {
        const more = await writevAsync(
          this.#descriptor,
          [rest.subarray(at)],
          this.#written + bytesWritten + at,
        );
        at += more.bytesWritten;
      }
    }
  }

  #closeUnlessUsed(): void {
    if (this.#closed && this.#uses === 0) {
      this.#uses = Number.NEGATIVE_INFINITY;
      close(this.#descriptor, () => undefined);
    }
  }
}
