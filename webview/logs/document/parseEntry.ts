import type { LogFilter } from '../../../daemon/protocol/log.ts';

/** How bad a line says it is. */
export type Severity = NonNullable<LogFilter['severity']>;

/** The severities, the worst first: an entry names its place in here. */
export const severities: readonly Severity[] = [
  'fatal',
  'error',
  'warning',
  'info',
  'debug',
  'trace',
  'none',
];

/** An entry of a log: a line, one that was cut short, a gap or a notice. */
export type Entry = {
  readonly kind: 'line' | 'cut' | 'gap' | 'notice';
  readonly severity: Severity;
  /** Its number in the log. */
  readonly sequence: number;
  /** The id of the source; -1 for none. */
  readonly source: number;
  /** The characters of the whole text. */
  readonly length: number;
  /** RFC 3339 with nanoseconds; empty where there is none. */
  readonly time: string;
  /** As the container wrote it, escape sequences included. */
  readonly text: string;
};

const kinds: Readonly<Record<string, Entry['kind']>> = { L: 'line', T: 'cut', G: 'gap', N: 'notice' };

/** The fields before the text. */
const fieldCount = 6;

/** Parses an entry as it travels: `KIND SEVERITY SEQUENCE SOURCE LENGTH TIME TEXT`; what is none becomes a line. */
export function parseEntry(row: string): Entry {
  const start = findText(row);
  const [kind = '', severity = '', sequence = '', source = '', length = '', time = ''] = row
    .slice(0, Math.max(0, start - 1))
    .split(' ');
  return {
    kind: kinds[kind] ?? 'line',
    severity: severities[Number(severity)] ?? 'none',
    sequence: Number(sequence) || 0,
    source: source === '' ? -1 : Number(source),
    length: Number(length) || 0,
    time,
    text: row.slice(start),
  };
}

/** Where the text of an entry begins: after its sixth space; 0 where the row is no entry. */
export function findText(row: string): number {
  let at = 0;
  for (let field = 0; field < fieldCount; field += 1) {
    const space = row.indexOf(' ', at);
    if (space < 0) {
      return field === fieldCount - 1 ? row.length : 0;
    }
    at = space + 1;
  }
  return at;
}

/** The rows of a batch: what follows the last expected one is not there. */
export function splitBatch(batch: { readonly text: string; readonly count: number }): readonly string[] {
  if (batch.count === 0) {
    return [];
  }
  const rows = batch.text.split('\n');
  rows.length = Math.min(rows.length, batch.count);
  return rows;
}
