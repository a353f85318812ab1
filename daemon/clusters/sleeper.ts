/** Waits for a time, or until somebody wakes it. */
export class Sleeper {
  #wake: (() => void) | undefined;

  async sleep(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
    clearTimeout(timer);
  }

  /** Ends the sleep that is under way, if there is one. */
  wake(): void {
    this.#wake?.();
  }
}
