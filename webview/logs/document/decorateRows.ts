import type { Extension, Range } from '@codemirror/state';
import { StateEffect } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import type { LogMatch } from '../../../daemon/protocol/log.ts';
import { type Entry, parseEntry } from './parseEntry.ts';
import { PrefixWidget, type RowPrefix, WholeLineWidget } from './rowWidgets.ts';
import { buildShown } from './shownText.ts';

/** What a row looks like beyond its text. */
export type RowLooks = {
  /** The row of a line of the document, counted from 0. */
  readonly readRow: (line: number) => string | undefined;
  readonly readable: boolean;
  readonly buildPrefix: (entry: Entry) => RowPrefix;
  /** Where what is looked for is in the text that is shown of a row, to be marked. */
  readonly findMatches: (row: string, text: string) => readonly LogMatch[];
  readonly wholeLine: (entry: Entry) => { readonly label: string; readonly show: () => void };
};

/** Tells the document that looks have changed. */
export const redraw = StateEffect.define<null>();

/** What was built for a row: rows stay on the screen while others come, and the text of each says all of it. */
type DrawnRow = {
  readonly line: Decoration;
  readonly prefix: Decoration | undefined;
  /** By places of the row's text. */
  readonly marks: readonly { readonly from: number; readonly to: number; readonly mark: Decoration }[];
  readonly wholeLine: Decoration | undefined;
};

/** Gives the rows on the screen, and only those, their colours, what stands before them and what can be done with them. */
export function decorateRows(readLooks: () => RowLooks): Extension {
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      #drawn: ReadonlyMap<string, DrawnRow> = new Map();

      constructor(view: EditorView) {
        this.decorations = this.#draw(view);
      }

      update(update: ViewUpdate): void {
        const told = update.transactions.some(({ effects }) => effects.some(effect => effect.is(redraw)));
        if (told) {
          this.#drawn = new Map();
        }
        if (told || update.docChanged || update.viewportChanged) {
          this.decorations = this.#draw(update.view);
        }
      }

      #draw(view: EditorView): DecorationSet {
        const looks = readLooks();
        const before = this.#drawn;
        const drawn = new Map<string, DrawnRow>();
        const decorations = buildDecorations(view, looks, row => {
          const known = drawn.get(row) ?? before.get(row) ?? drawRow(row, looks);
          drawn.set(row, known);
          return known;
        });
        // Rows that have left the screen are forgotten.
        this.#drawn = drawn;
        return decorations;
      }
    },
    { decorations: plugin => plugin.decorations },
  );
}

function buildDecorations(view: EditorView, looks: RowLooks, draw: (row: string) => DrawnRow): DecorationSet {
  const { doc } = view.state;
  const ranges: Range<Decoration>[] = [];
  let done = 0;
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = doc.lineAt(at);
      const row = looks.readRow(line.number - 1);
      // A long row can be on the screen in several parts.
      if (row !== undefined && line.number > done) {
        ranges.push(...placeRow(draw(row), line));
        for (const match of looks.findMatches(row, line.text)) {
          ranges.push(matchMark.range(line.from + match.from, line.from + match.to));
        }
        done = line.number;
      }
      at = line.to + 1;
    }
  }
  return Decoration.set(ranges, true);
}

function drawRow(row: string, looks: RowLooks): DrawnRow {
  const entry = parseEntry(row);
  const prefix = looks.buildPrefix(entry);
  return {
    line: Decoration.line({
      class: `row row-${entry.kind} severity-${entry.severity}`,
      // Shown by the style sheet: seen and read, but no part of the text that is searched and copied.
      ...(prefix.time === '' ? {} : { attributes: { 'data-time': prefix.time } }),
    }),
    prefix:
      prefix.mark === '' && prefix.tag === ''
        ? undefined
        : Decoration.widget({ widget: new PrefixWidget(prefix), side: -1 }),
    marks: buildShown(row, looks).marks.map(({ from, to, classes }) => ({
      from,
      to,
      mark: Decoration.mark({ class: classes }),
    })),
    wholeLine:
      entry.kind === 'cut'
        ? Decoration.widget({
            widget: new WholeLineWidget(entry.sequence, looks.wholeLine(entry)),
            side: 1,
          })
        : undefined,
  };
}

function placeRow(
  { line, prefix, marks, wholeLine }: DrawnRow,
  at: { readonly from: number; readonly to: number },
): readonly Range<Decoration>[] {
  return [
    line.range(at.from),
    ...(prefix ? [prefix.range(at.from)] : []),
    ...marks.map(({ from, to, mark }) => mark.range(at.from + from, at.from + to)),
    ...(wholeLine ? [wholeLine.range(at.to)] : []),
  ];
}

const matchMark = Decoration.mark({ class: 'match' });
