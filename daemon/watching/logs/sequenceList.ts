const chunkSize = 16_384;

type Chunk = { readonly base: number; readonly offsets: Uint32Array };

/** Rising numbers of entries, in four bytes each; the oldest can be given up, the places of the others stay. */
export class SequenceList {
  #chunks: Chunk[] = [];
  #dropped = 0;
  #first = 0;
  #total = 0;

  /** How many numbers were pushed. */
  get total(): number {
    return this.#total;
  }

  /** The place of the first number that was not given up. */
  get first(): number {
    return this.#first;
  }

  push(sequence: number): void {
    const place = this.#total - this.#dropped * chunkSize;
    const last = place >> 14;
    let chunk = this.#chunks[last];
    if (!chunk) {
      chunk = { base: sequence, offsets: new Uint32Array(chunkSize) };
      this.#chunks[last] = chunk;
    }
    chunk.offsets[place & (chunkSize - 1)] = sequence - chunk.base;
    this.#total += 1;
  }

  /** The number at a place that was not given up. */
  at(place: number): number {
    const chunk = this.#chunks[Math.floor(place / chunkSize) - this.#dropped];
    return chunk ? chunk.base + (chunk.offsets[place % chunkSize] ?? 0) : -1;
  }

  /** Gives up every number below this one. */
  dropBefore(sequence: number): void {
    let low = this.#first;
    let high = this.#total;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.at(middle) < sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    this.#first = low;
    const chunks = Math.floor(low / chunkSize) - this.#dropped;
    if (chunks > 0) {
      this.#chunks.splice(0, chunks);
      this.#dropped += chunks;
    }
  }
}
