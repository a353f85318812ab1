import { EditorState, type Line, type StateEffect, Text } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { LogMatch } from '../../../daemon/protocol/log.ts';
import { redraw } from './decorateRows.ts';
import { LiveTail } from './liveTail.ts';
import { buildLogExtensions, type LogEditorParts } from './logEditor.ts';
import {
  appendRows,
  buildEmptyWindow,
  followedLimits,
  type LogWindow,
  prependRows,
  readEnd,
  readLastRows,
  readRow,
  trimBack,
  trimFront,
  type WindowLimits,
  windowLimits,
} from './logWindow.ts';
import { isAtBottom, readScreen, type Screen } from './readScreen.ts';
import { scrollToEnd } from './scrollToEnd.ts';
import { buildShownText } from './shownText.ts';

/** What the document needs of the page. */
export type DocumentParts = LogEditorParts & { readonly parent: HTMLElement };

/** Characters of the selected text that are of use to look for. */
const longestSelectedText = 200;

/** The rows that the page holds, in an editor that nobody can write in. */
export class LogDocument {
  readonly view: EditorView;
  readonly #parts: DocumentParts;
  #wrap = false;
  #window: LogWindow = buildEmptyWindow(0);
  readonly #tail: LiveTail;

  constructor(parts: DocumentParts) {
    this.#parts = parts;
    this.view = new EditorView({ parent: parts.parent, state: this.#buildState(Text.empty) });
    // The editor says that it is a field for text; it sets these once, and what reads a log aloud must not believe it.
    this.view.contentDOM.removeAttribute('aria-multiline');
    this.view.contentDOM.removeAttribute('aria-readonly');
    this.#tail = new LiveTail({
      view: this.view,
      parent: parts.parent,
      readLooks: parts.readLooks,
      readLast: count => readLastRows(this.#window, count),
      catchUp: () => this.#catchUp(),
      settle: () => this.settle(),
    });
  }

  /** The place of the first row that is held. */
  get start(): number {
    return this.#window.start;
  }

  /** Shows these rows and no others. */
  replace(start: number, rows: readonly string[]): void {
    this.#tail.forget();
    this.#window = appendRows(buildEmptyWindow(start), rows);
    this.view.setState(this.#buildState(Text.of(rows.length > 0 ? this.#toShown(rows) : [''])));
  }

  /** Adds rows at the end, while the screen stays; older ones go when there are too many, but none that is on the screen. */
  append(rows: readonly string[]): void {
    this.settle();
    // An editor that was at its end when it measured last goes on there by itself.
    this.#append(rows, windowLimits, this.view.scrollSnapshot());
    // At once: whoever turns the wheel before the next frame is not taken back.
    this.view.elementAtHeight(0);
  }

  /** Adds rows at the end, to which the screen will be scrolled. */
  follow(rows: readonly string[]): void {
    if (this.#wrap || !this.#tail.take(rows)) {
      this.settle();
      this.#append(rows, followedLimits);
    }
  }

  /** The editor shows all that there is. */
  settle(): void {
    if (this.#tail.isShown) {
      this.#catchUp();
      this.#tail.hide();
    }
  }

  /** Adds rows before the first; newer ones go when there are too many, but none that is on the screen. */
  prepend(rows: readonly string[]): void {
    this.settle();
    const { bottom } = this.readScreen();
    const { window, dropped } = trimBack(prependRows(this.#window, rows), windowLimits, bottom + 1);
    const { doc } = this.view.state;
    const insert = Text.of([...this.#toShown(rows), '']);
    this.#window = window;
    this.view.dispatch({
      changes: [
        { from: 0, insert },
        ...(dropped > 0 ? [{ from: doc.line(doc.lines - dropped).to, to: doc.length }] : []),
      ],
      effects: this.#keepFirst(insert.length),
    });
  }

  /** Draws the rows anew after what stands beside them has changed. */
  redraw(): void {
    this.settle();
    this.view.dispatch({ effects: redraw.of(null) });
  }

  /**
   * Wraps long lines or not. The editor begins anew, since it then reckons with the length of the lines: it would draw
   * as many wrapped lines as there were others on the screen first, and long ones take their time.
   */
  setWrap(wrap: boolean): void {
    if (wrap !== this.#wrap) {
      this.settle();
      const { top } = this.readScreen();
      this.#wrap = wrap;
      this.view.setState(this.#buildState(this.view.state.doc));
      if (this.#window.size > 0) {
        this.show(top, { at: 'start' });
      }
    }
  }

  /** Scrolls to the end of what is held; false where that may still move. */
  scrollToEnd(): boolean {
    return this.#tail.isShown || scrollToEnd(this.view);
  }

  /** Puts the cursor at a place that is held or selects a match there, and scrolls it into view unless it is to stay. */
  show(
    place: number,
    options: { readonly at: 'start' | 'center' | 'stay'; readonly match?: LogMatch },
  ): void {
    const { at, match } = options;
    this.settle();
    const line = this.#lineAt(place);
    const from = line.from + (match?.from ?? 0);
    this.view.dispatch({
      selection: { anchor: from, head: line.from + (match?.to ?? 0) },
      effects:
        at === 'stay' ? [] : EditorView.scrollIntoView(from, { y: at, x: match ? 'nearest' : 'start' }),
    });
  }

  /** The screen is at the end of what is held. */
  isAtEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.view.scrollDOM;
    // Both may be parts of a pixel off.
    return scrollTop + clientHeight > scrollHeight - 1;
  }

  /** What is on the screen now. */
  readScreen(): Screen {
    const { end } = this;
    return this.#tail.isShown
      ? { top: end - this.#tail.shownRows, bottom: end - 1, atBottom: isAtBottom(this.view) }
      : readScreen(this.view, this.#window.start);
  }

  /** Puts the cursor on the screen where it is not, so that the arrow keys begin at what is seen. */
  bringCursor(edge: 'top' | 'bottom'): void {
    this.settle();
    const { top, bottom } = this.readScreen();
    const place = this.cursorPlace;
    if (this.#window.size > 0 && (place < top || place > bottom)) {
      this.view.dispatch({ selection: { anchor: this.#lineAt(edge === 'top' ? top : bottom).from } });
    }
  }

  /** The place of the row with the cursor. */
  get cursorPlace(): number {
    this.settle();
    const { state } = this.view;
    return this.#window.start + state.doc.lineAt(state.selection.main.head).number - 1;
  }

  /** The text that is shown at a place that is held. */
  readText(place: number): string {
    this.settle();
    return this.#lineAt(place).text;
  }

  /** The row at a place; undefined where it is not held. */
  readRow(place: number): string | undefined {
    const index = place - this.#window.start;
    return index < this.#window.size
      ? readRow(this.#window, index)
      : this.#tail.waiting[index - this.#window.size];
  }

  /** The rows of the selection, whole; those on the screen where nothing is selected. */
  readSelectedRows(): readonly string[] {
    this.settle();
    if (this.#window.size === 0) {
      return [];
    }
    const { doc, selection } = this.view.state;
    const { main } = selection;
    const { top, bottom } = this.readScreen();
    const first = main.empty ? top - this.#window.start : doc.lineAt(main.from).number - 1;
    const last = main.empty ? bottom - this.#window.start : doc.lineAt(main.to).number - 1;
    return Array.from({ length: last - first + 1 }, (_, index) =>
      readRow(this.#window, first + index),
    ).flatMap(row => row ?? []);
  }

  /** The beginning of the selected text, where it is a part of one row; empty otherwise. */
  readSelectedText(): string {
    this.settle();
    const { state } = this.view;
    const { from, to } = state.selection.main;
    const text = state.sliceDoc(from, Math.min(to, from + longestSelectedText));
    return text.includes('\n') ? '' : text;
  }

  /** The place after the last row that is held. */
  get end(): number {
    return readEnd(this.#window) + this.#tail.waiting.length;
  }

  #catchUp(): void {
    const waiting = this.#tail.takeWaiting();
    if (waiting.length > 0) {
      this.#append(waiting, followedLimits);
      scrollToEnd(this.view);
    }
  }

  #append(rows: readonly string[], limits: WindowLimits, stay?: StateEffect<unknown>): void {
    if (this.#window.size === 0) {
      this.replace(this.#window.start, rows);
      return;
    }
    const { top } = this.readScreen();
    const { window, dropped } = trimFront(appendRows(this.#window, rows), limits, top);
    const { doc } = this.view.state;
    this.#window = window;
    const changes = this.view.state.changes([
      ...(dropped > 0 ? [{ from: 0, to: doc.line(dropped + 1).from }] : []),
      { from: doc.length, insert: Text.of(['', ...this.#toShown(rows)]) },
    ]);
    this.view.dispatch({ changes, effects: stay?.map(changes) ?? [] });
  }

  /**
   * The editor holds the line at the top of the screen in its place, but not the first line of all: what is inserted
   * before that one would take its place, be on the screen, and so call for more.
   */
  #keepFirst(inserted: number): readonly StateEffect<unknown>[] {
    const { scrollTop } = this.view.scrollDOM;
    const block = this.view.lineBlockAtHeight(scrollTop - this.view.documentPadding.top);
    return block.from === 0
      ? [EditorView.scrollIntoView(inserted, { y: 'start', yMargin: block.top - scrollTop })]
      : [];
  }

  #lineAt(place: number): Line {
    return this.view.state.doc.line(place - this.#window.start + 1);
  }

  #toShown(rows: readonly string[]): readonly string[] {
    const looks = this.#parts.readLooks();
    return rows.map(row => buildShownText(row, looks));
  }

  #buildState(doc: Text): EditorState {
    return EditorState.create({
      doc,
      extensions: buildLogExtensions(this.#parts, {
        wrap: this.#wrap,
        readRow: line => readRow(this.#window, line),
      }),
    });
  }
}
