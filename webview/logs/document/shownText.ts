import type { LogMatch } from '../../../daemon/protocol/log.ts';
import { buildReadable, type JsonPart } from '../../../daemon/protocol/readableJson.ts';
import { removeEscapes } from '../../protocol/escapeSequences.ts';
import { findText } from './parseEntry.ts';
import { type AnsiMark, splitAnsi } from './splitAnsi.ts';

/** An entry's text as the page shows it. */
export type ShownText = {
  readonly text: string;
  /** What is coloured by the program, or is a part of a JSON line. */
  readonly marks: readonly AnsiMark[];
};

/** The text of a row as it stands in the document; the same as `buildShown` without its marks. */
export function buildShownText(row: string, options: { readonly readable: boolean }): string {
  const start = findText(row);
  if (options.readable && mayBeJson(row, start)) {
    const parts = buildReadable(row.slice(start));
    if (parts) {
      return joinParts(parts);
    }
  }
  // A part of a string shares the memory of the whole.
  return removeEscapes(row.slice(start));
}

/** The text of a row with its colours. */
export function buildShown(row: string, options: { readonly readable: boolean }): ShownText {
  const start = findText(row);
  const parts = options.readable && mayBeJson(row, start) ? buildReadable(row.slice(start)) : undefined;
  return parts ? { text: joinParts(parts), marks: markParts(parts) } : splitAnsi(row.slice(start));
}

/** What the container wrote of a row that is shown in a readable form; undefined where the two are the same. */
export type WrittenText = {
  readonly text: string;
  /** Where what is at a place of it stands in the text that is shown: the parts of the line that it touches. */
  readonly toShown: (match: LogMatch) => readonly LogMatch[];
};

/** The written text of a row, where it is shown in another form. */
export function buildWritten(row: string, options: { readonly readable: boolean }): WrittenText | undefined {
  const start = findText(row);
  const parts = options.readable && mayBeJson(row, start) ? buildReadable(row.slice(start)) : undefined;
  if (!parts) {
    return undefined;
  }
  return {
    text: row.slice(start),
    toShown: match => {
      let at = 0;
      return parts.flatMap(({ text, from, to }) => {
        const place = { from: at, to: at + text.length };
        at = place.to;
        return text !== '' && from < match.to && to > match.from ? [place] : [];
      });
    },
  };
}

function mayBeJson(row: string, start: number): boolean {
  return row[0] === 'L' && (row[start] === '{' || /\s/.test(row[start] ?? ''));
}

function joinParts(parts: readonly JsonPart[]): string {
  return parts.map(({ text }) => text).join('');
}

function markParts(parts: readonly JsonPart[]): readonly AnsiMark[] {
  const marks: AnsiMark[] = [];
  let at = 0;
  for (const { kind, text } of parts) {
    if (kind !== 'space' && kind !== 'value' && text !== '') {
      marks.push({ from: at, to: at + text.length, classes: `json-${kind}` });
    }
    at += text.length;
  }
  return marks;
}
