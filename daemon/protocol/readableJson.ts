import { stripEscapeSequences } from '../model/escapeSequences.ts';

/** A part of a readable line. */
export type JsonPart = {
  readonly kind: 'level' | 'time' | 'message' | 'key' | 'value' | 'space';
  readonly text: string;
  /** Where what it stands for is in the line as it is written; nowhere for a space. */
  readonly from: number;
  readonly to: number;
};

/** What stands first in a readable line. */
export type HeadKind = 'level' | 'time' | 'message';

/** The keys of what stands first, in small letters; of each kind the first one of a line counts. */
export const headKeys: ReadonlyMap<string, HeadKind> = new Map<string, HeadKind>([
  ...['level', 'lvl', 'severity', 'levelname', 'log.level', 'loglevel'].map(key => [key, 'level'] as const),
  ...['time', 'timestamp', 'ts', '@timestamp', 't', 'datetime'].map(key => [key, 'time'] as const),
  ...['msg', 'message', 'log', 'event', '@message'].map(key => [key, 'message'] as const),
]);

/** The numbers that Bunyan and Pino write for levels. */
const levelNames: Readonly<Record<string, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

/**
 * A line that is a JSON object as people read it, for the page that shows it and the daemon that looks for it: level,
 * time and message, then the rest as `key=value` in its order.
 * Values keep the letters they were written with: a long number must not be rounded, nor a repeated key lost.
 * Undefined for every other line.
 */
export function buildReadable(text: string): readonly JsonPart[] | undefined {
  const pairs = readPairs(text);
  if (!pairs || pairs.length === 0) {
    return undefined;
  }
  const take = (wanted: HeadKind) => pairs.find(({ key }) => headKeys.get(key.toLowerCase()) === wanted);
  const [level, time, message] = [take('level'), take('time'), take('message')];
  const build = (kind: HeadKind, pair: Pair | undefined): readonly JsonPart[] =>
    pair ? [{ kind, text: buildHead(kind, pair.value), from: pair.from, to: pair.to }] : [];
  const head = [...build('level', level), ...build('time', time), ...build('message', message)];
  const rest = pairs.filter(pair => pair !== level && pair !== time && pair !== message);
  const groups: (readonly JsonPart[])[] = [
    ...head.map(part => [part]),
    ...rest.map(({ key, value, from, valueFrom, to }) => [
      { kind: 'key', text: `${flatten(key)}=`, from, to: valueFrom } as const,
      { kind: 'value', text: buildValue(value), from: valueFrom, to } as const,
    ]),
  ];
  const space: JsonPart = { kind: 'space', text: ' ', from: 0, to: 0 };
  return groups.flatMap((group, index) => (index === 0 ? group : [space, ...group]));
}

/** What stands first of a value as it is written. */
export function buildHead(kind: HeadKind, value: string): string {
  return kind === 'level' ? buildLevel(value) : flatten(unquote(value));
}

/** True for a value that needs no quotes. */
export function isBare(value: string): boolean {
  return /^"[^\s"=\\]+"$/.test(value);
}

/** A key and its value as they are written, and where: from the key's first quote to before what follows the value. */
type Pair = {
  readonly key: string;
  readonly value: string;
  readonly from: number;
  readonly valueFrom: number;
  readonly to: number;
};

const token = /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*|true|false|null)|([{[]))\s*/y;
const afterKey = /\s*"((?:[^"\\]|\\.)*)"\s*:/y;

/** The pairs of an object, each value as it is written; undefined where the text is no object. */
function readPairs(text: string): readonly Pair[] | undefined {
  const open = /^\s*\{/.exec(text);
  if (!open) {
    return undefined;
  }
  const pairs: Pair[] = [];
  let at = open[0].length;
  for (;;) {
    afterKey.lastIndex = at;
    const key = afterKey.exec(text);
    if (!key) {
      return /^\s*\}\s*$/.test(text.slice(at)) && pairs.length === 0 ? pairs : undefined;
    }
    const value = readValue(text, afterKey.lastIndex);
    if (!value) {
      return undefined;
    }
    pairs.push({
      key: readString(`"${key[1] ?? ''}"`),
      value: value.text,
      from: key.index + key[0].indexOf('"'),
      valueFrom: afterKey.lastIndex,
      to: value.end,
    });
    at = value.end;
    if (text[at] === '}') {
      return text.slice(at + 1).trim() === '' ? pairs : undefined;
    }
    if (text[at] !== ',') {
      return undefined;
    }
    at += 1;
  }
}

function readValue(text: string, from: number): { readonly text: string; readonly end: number } | undefined {
  token.lastIndex = from;
  const found = token.exec(text);
  if (!found) {
    return undefined;
  }
  if (found[3] === undefined) {
    return { text: found[1] ?? found[2] ?? '', end: token.lastIndex };
  }
  const begin = from + found[0].indexOf(found[3]);
  const end = findClosing(text, begin);
  if (end === undefined) {
    return undefined;
  }
  const spaces = /\s*/y;
  spaces.lastIndex = end;
  spaces.exec(text);
  return { text: text.slice(begin, end), end: spaces.lastIndex };
}

/** The place after the bracket that closes the one at `begin`. */
function findClosing(text: string, begin: number): number | undefined {
  const marks = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;
  marks.lastIndex = begin;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '{' || mark[0] === '[') {
      depth += 1;
    } else if (mark[0] === '}' || mark[0] === ']') {
      depth -= 1;
      if (depth === 0) {
        return marks.lastIndex;
      }
    }
  }
  return undefined;
}

function buildLevel(value: string): string {
  return (levelNames[value] ?? flatten(unquote(value))).toUpperCase().padEnd(5);
}

function buildValue(value: string): string {
  return isBare(value) ? value.slice(1, -1) : value;
}

function unquote(value: string): string {
  return value.startsWith('"') ? readString(value) : value;
}

function readString(quoted: string): string {
  if (!quoted.includes('\\')) {
    return quoted.slice(1, -1);
  }
  try {
    return stripEscapeSequences(String(JSON.parse(quoted)));
  } catch {
    return quoted.slice(1, -1);
  }
}

/** An entry is one row: what would break it stays escaped. */
function flatten(text: string): string {
  return text.replace(/\r?\n|\r/g, '\\n');
}
