import type { EditorView } from '@codemirror/view';
import { type LiveLooks, LiveRows } from './liveRows.ts';

/** What the tail of a log needs of its document. */
export type LiveTailParts = {
  readonly view: EditorView;
  readonly parent: HTMLElement;
  readonly readLooks: () => LiveLooks;
  /** The last rows that the editor has, at most so many. */
  readonly readLast: (count: number) => readonly string[];
  /** Puts the waiting rows into the editor. */
  readonly catchUp: () => void;
  /** The tail has rested, or somebody does something with the log: the editor shows it again. */
  readonly settle: () => void;
};

/** Rows that come so soon after others, in milliseconds, belong to the same rush. */
const rushMs = 250;

/** So often the editor gets what is shown already, in milliseconds: what reads a page aloud reads the editor. */
const catchUpMs = 1_000;

/** It gets them before there are more than so many. */
const mostWaiting = 2_000;

/** Twice so large a part of the screen that is new makes a rush, and less than the other ends it. */
const shares = { rush: 1 / 3, rest: 1 / 6 } as const;

/** Whatever somebody does with the log they do with the editor. */
const deeds = [
  'pointerdown',
  'pointermove',
  'touchstart',
  'wheel',
  'keydown',
  'contextmenu',
  'copy',
  'focusin',
] as const;

/** Shows the end of a log that runs while it is followed, and lets the rows wait for the editor meanwhile. */
export class LiveTail {
  readonly #parts: LiveTailParts;
  readonly #rows = new LiveRows();
  #waiting: readonly string[] = [];
  /** When many rows came last, and when the editor last had all of them; by `performance.now()`. */
  #manyAt = Number.NEGATIVE_INFINITY;
  #caughtUpAt = 0;
  #rest: number | undefined;
  #listening: AbortController | undefined;

  constructor(parts: LiveTailParts) {
    this.#parts = parts;
    parts.parent.append(this.#rows.element);
  }

  /** Rows that the editor does not have yet. */
  get waiting(): readonly string[] {
    return this.#waiting;
  }

  get isShown(): boolean {
    return this.#rows.isShown;
  }

  /** How many rows are on the screen; one that is seen by half counts. */
  get shownRows(): number {
    return Math.round(this.#screenRows);
  }

  /** Takes rows at the end and shows them; false where the editor is to show them, after what waits for it. */
  take(rows: readonly string[]): boolean {
    const now = performance.now();
    const isTaken = this.#isRush(rows.length, now) && this.#hasRoom() && this.#show(rows);
    if (!isTaken) {
      return false;
    }
    this.#waiting = [...this.#waiting, ...rows];
    if (!this.#listening) {
      this.#begin(now);
    } else if (now - this.#caughtUpAt > catchUpMs || this.#waiting.length > mostWaiting) {
      this.#caughtUpAt = now;
      this.#parts.catchUp();
    }
    window.clearTimeout(this.#rest);
    this.#rest = window.setTimeout(this.#parts.settle, rushMs);
    return true;
  }

  /** Takes what waits for the editor. */
  takeWaiting(): readonly string[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  /** Nothing waits any more: the editor gets other rows. */
  forget(): void {
    this.#waiting = [];
    this.hide();
  }

  /** Lets the editor be seen again. */
  hide(): void {
    window.clearTimeout(this.#rest);
    this.#listening?.abort();
    this.#listening = undefined;
    this.#rows.hide();
  }

  #begin(now: number): void {
    const { parent, settle } = this.#parts;
    this.#caughtUpAt = now;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    for (const deed of deeds) {
      // Not passive: the editor has to be seen before it scrolls.
      parent.addEventListener(deed, settle, { capture: true, passive: false, signal });
    }
  }

  #isRush(count: number, now: number): boolean {
    const share = count / this.#screenRows;
    const isMany = share >= shares.rush;
    const isSoon = now - this.#manyAt < rushMs;
    this.#manyAt = isMany ? now : this.#manyAt;
    return this.isShown ? share >= shares.rest : isMany && isSoon;
  }

  /** The editor is at its end and holds a screen of rows, from their beginning on, and nothing is selected. */
  #hasRoom(): boolean {
    const { view } = this.#parts;
    const { scrollTop, scrollLeft, scrollHeight, clientHeight } = view.scrollDOM;
    return (
      scrollLeft === 0 &&
      scrollHeight > clientHeight &&
      scrollTop + clientHeight > scrollHeight - 1 &&
      view.state.selection.main.empty
    );
  }

  #show(rows: readonly string[]): boolean {
    const { view, readLast, readLooks } = this.#parts;
    const count = Math.ceil(this.#screenRows);
    const waiting = [...this.#waiting, ...rows].slice(-count);
    const before = waiting.length < count ? readLast(count - waiting.length) : [];
    const { clientWidth: width, clientHeight: height } = view.scrollDOM;
    return this.#rows.show([...before, ...waiting], readLooks(), { width, height });
  }

  get #screenRows(): number {
    const { view } = this.#parts;
    return view.scrollDOM.clientHeight / view.defaultLineHeight;
  }
}
