/** Things of which the least is wanted, again and again. */
export class MinHeap<T> {
  readonly #items: T[] = [];
  readonly #isLess: (one: T, other: T) => boolean;

  constructor(isLess: (one: T, other: T) => boolean) {
    this.#isLess = isLess;
  }

  /** The least; undefined where there is none. */
  get least(): T | undefined {
    return this.#items[0];
  }

  /** The least but one. */
  get second(): T | undefined {
    const [, left, right] = this.#items;
    return left !== undefined && right !== undefined && this.#isLess(right, left) ? right : left;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#rise(this.#items.length - 1);
  }

  /** The least is another now, or greater. */
  sink(): void {
    let at = 0;
    for (let next = this.#leastChild(at); this.#isOrderWrong(at, next); next = this.#leastChild(at)) {
      this.#swap(at, next);
      at = next;
    }
  }

  /** Takes the least away. */
  pop(): void {
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) {
      this.#items[0] = last;
      this.sink();
    }
  }

  clear(): void {
    this.#items.length = 0;
  }

  #rise(from: number): void {
    let at = from;
    for (let parent = (at - 1) >> 1; this.#isOrderWrong(parent, at); parent = (at - 1) >> 1) {
      this.#swap(parent, at);
      at = parent;
    }
  }

  #leastChild(at: number): number {
    const left = 2 * at + 1;
    return this.#isOrderWrong(left, left + 1) ? left + 1 : left;
  }

  /** True when both are there and the second is less. */
  #isOrderWrong(upper: number, lower: number): boolean {
    const [one, other] = [this.#items[upper], this.#items[lower]];
    return one !== undefined && other !== undefined && this.#isLess(other, one);
  }

  #swap(one: number, other: number): void {
    const [first, second] = [this.#items[one], this.#items[other]];
    if (first !== undefined && second !== undefined) {
      this.#items[one] = second;
      this.#items[other] = first;
    }
  }
}
