import type { Extension, Range } from '@codemirror/state';
import { StateEffect } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import type { LogMatch } from '../../daemon/protocol/log.ts';
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

/** Gives the rows on the screen, and only those, their colours, what stands before them and what can be done with them. */
export function decorateRows(readLooks: () => RowLooks): Extension {
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = buildDecorations(view, readLooks());
      }

      update(update: ViewUpdate): void {
        const told = update.transactions.some(({ effects }) => effects.some(effect => effect.is(redraw)));
        if (told || update.docChanged || update.viewportChanged) {
          this.decorations = buildDecorations(update.view, readLooks());
        }
      }
    },
    { decorations: plugin => plugin.decorations },
  );
}

function buildDecorations(view: EditorView, looks: RowLooks): DecorationSet {
  const { doc } = view.state;
  const ranges: Range<Decoration>[] = [];
  let done = 0;
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = doc.lineAt(at);
      const row = looks.readRow(line.number - 1);
      // A long row can be on the screen in several parts.
      if (row !== undefined && line.number > done) {
        ranges.push(...decorateRow(row, line, looks));
        done = line.number;
      }
      at = line.to + 1;
    }
  }
  return Decoration.set(ranges, true);
}

function decorateRow(
  row: string,
  line: { readonly from: number; readonly to: number; readonly text: string },
  looks: RowLooks,
): readonly Range<Decoration>[] {
  const entry = parseEntry(row);
  const ranges = [
    Decoration.line({ class: `row row-${entry.kind} severity-${entry.severity}` }).range(line.from),
    Decoration.widget({ widget: new PrefixWidget(looks.buildPrefix(entry)), side: -1 }).range(line.from),
  ];
  for (const { from, to, classes } of buildShown(row, looks).marks) {
    ranges.push(Decoration.mark({ class: classes }).range(line.from + from, line.from + to));
  }
  for (const { from, to } of looks.findMatches(row, line.text)) {
    ranges.push(matchMark.range(line.from + from, line.from + to));
  }
  if (entry.kind === 'cut') {
    const widget = new WholeLineWidget(entry.sequence, looks.wholeLine(entry));
    ranges.push(Decoration.widget({ widget, side: 1 }).range(line.to));
  }
  return ranges;
}

const matchMark = Decoration.mark({ class: 'match' });
