import { removeEscapes } from '../protocol/escapeSequences.ts';
import type { LogDeed, LogExtract } from '../protocol/logMessages.ts';
import type { LogWords } from '../protocol/logWords.ts';
import { fillIn } from '../shared/fillIn.ts';
import type { LogDocument } from './document/logDocument.ts';
import { type Entry, findText, parseEntry } from './document/parseEntry.ts';

/** What the deeds need of the page. */
export type WindowDeedsParts = {
  readonly document: LogDocument;
  readonly words: LogWords;
  readonly write: (value: number) => string;
  /** Which lines are shown, and what stands before each. */
  readonly readExtract: () => LogExtract;
  readonly send: (deed: LogDeed) => void;
  readonly say: (sentence: string) => void;
};

/** Asks the window for what a page cannot do by itself: the clipboard, files, documents, and lines as a whole. */
export class WindowDeeds {
  readonly #parts: WindowDeedsParts;

  constructor(parts: WindowDeedsParts) {
    this.#parts = parts;
  }

  /** Copies the selected lines, or those on the screen, as the container wrote them. */
  copy(): void {
    const { document, words, say } = this.#parts;
    const rows = document.readSelectedRows();
    if (rows.length === 0) {
      say(words.noLines);
      return;
    }
    const text = rows.map(row => removeEscapes(row.slice(findText(row)))).join('\n');
    this.#parts.send({ type: 'copy', text, lines: rows.length });
  }

  /** Saves what is shown to a file. */
  save(): void {
    this.#parts.send({ type: 'save', extract: this.#parts.readExtract() });
  }

  /** Opens what is shown as a document. */
  openDocument(): void {
    this.#parts.send({ type: 'openDocument', extract: this.#parts.readExtract() });
  }

  /** Shows the line with the cursor as a whole, where it was cut short. */
  showWholeLine(): void {
    const { document } = this.#parts;
    const row = document.readRow(document.cursorPlace);
    const entry = row === undefined ? undefined : parseEntry(row);
    if (entry?.kind === 'cut') {
      this.buildWholeLine(entry).show();
    }
  }

  /** Builds what shows a line as a whole. */
  buildWholeLine({ sequence, length }: Entry): { readonly label: string; readonly show: () => void } {
    const { words, write, send } = this.#parts;
    return {
      label: fillIn(words.wholeLine, write(length)),
      show: () => send({ type: 'showLine', sequence }),
    };
  }
}
