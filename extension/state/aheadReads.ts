/** Before a repository is open nothing tells of changes: what is shown already is read again this often, in milliseconds. */
const againMs = 1_000;

/**
 * Paces the reads for a repository that the window does not know yet: the daemon may have it open for another window, or
 * for this one before it was loaded anew.
 */
export class AheadReads {
  #asked = false;
  #timer: NodeJS.Timeout | undefined;

  /** True where it may be asked now, which it then counts as. */
  take(): boolean {
    const isFirst = !this.#asked;
    this.#asked = true;
    return isFirst;
  }

  /** Lets it be asked once more, and `read` do so in a while. */
  askAgain(read: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#asked = false;
      read();
    }, againMs);
  }

  /** Another connection has been asked nothing yet. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#asked = false;
  }
}
