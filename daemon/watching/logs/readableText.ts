import { buildHead, buildReadable, type HeadKind, headKeys, isBare } from '../../protocol/readableJson.ts';
import { findStringEnd, findValueEnd, nowhereIn, signs, skipSpaces } from './jsonBytes.ts';

/**
 * Builds the text of readable lines for whoever looks through a million of them: what `buildReadable` gives, in a third of
 * its time. A usual line is read byte by byte; an odd one (escapes in a key, raw control characters, what is no JSON) goes
 * the long way.
 */
export class ReadableText {
  readonly #longest: number;
  #text = '';
  #isAscii = false;
  readonly #line: Buffer;
  /** The `key=value` behind what stands first: never longer than the line. */
  readonly #rest: Buffer;
  #restEnd = 0;

  /** Lines of more characters than `longest` are not readable. */
  constructor(longest: number) {
    this.#longest = longest;
    // UTF-8, and the byte that ends each loop.
    this.#line = Buffer.alloc(3 * longest + 1);
    this.#rest = Buffer.alloc(3 * longest + 1);
  }

  /** The text of a line that is a JSON object; undefined for every other line. */
  read(text: string): string | undefined {
    return text.length > this.#longest ? undefined : (this.#readQuickly(text) ?? readPlainly(text));
  }

  #readQuickly(text: string): string | undefined {
    // A half of a pair of surrogates would become another character.
    if (text.charCodeAt(0) !== signs.openBrace || !text.isWellFormed()) {
      return undefined;
    }
    const line = this.#line;
    const size = line.write(text, 0, 'utf8');
    line[size] = 0;
    this.#text = text;
    this.#isAscii = size === text.length;
    this.#restEnd = 0;
    const head: Head = { level: undefined, time: undefined, message: undefined };
    let at = 0;
    do {
      at = this.#readPair(at + 1, head);
    } while (line[at] === signs.comma);
    if (line[at] !== signs.closeBrace || skipSpaces(line, at + 1) !== size) {
      return undefined;
    }
    const rest = this.#restEnd > 0 ? this.#rest.toString('utf8', 0, this.#restEnd) : undefined;
    return joinWords(joinWords(joinWords(head.level, head.time), head.message), rest);
  }

  /** The place of what follows a pair; nowhere in the line where it is odd. */
  #readPair(from: number, head: Head): number {
    const line = this.#line;
    const begin = skipSpaces(line, from);
    const end = findStringEnd(line, begin);
    const colon = skipSpaces(line, end);
    if (line[colon] !== signs.colon) {
      return nowhereIn(line);
    }
    const value = skipSpaces(line, colon + 1);
    const valueEnd = findValueEnd(line, value);
    if (valueEnd === nowhereIn(line) || hasBackslash(line, begin, end)) {
      return nowhereIn(line);
    }
    const kind = findHeadKind(line, begin + 1, end - 1);
    if (kind && head[kind] === undefined) {
      head[kind] = buildHead(kind, this.#slice(value, valueEnd));
    } else {
      this.#writePair({ begin, end, value, valueEnd });
    }
    return skipSpaces(line, valueEnd);
  }

  #slice(from: number, to: number): string {
    // A part of the text itself is had for less, where each character is a byte.
    return this.#isAscii ? this.#text.slice(from, to) : this.#line.toString('utf8', from, to);
  }

  #writePair({ begin, end, value, valueEnd }: PairPlace): void {
    if (this.#restEnd > 0) {
      this.#write(signs.space);
    }
    this.#copy(begin + 1, end - 1);
    this.#write(signs.equals);
    const bare = isBareIn(this.#line, value, valueEnd);
    this.#copy(bare ? value + 1 : value, bare ? valueEnd - 1 : valueEnd);
  }

  #write(byte: number): void {
    this.#rest[this.#restEnd] = byte;
    this.#restEnd += 1;
  }

  #copy(from: number, to: number): void {
    const [line, rest] = [this.#line, this.#rest];
    let end = this.#restEnd;
    // For the few bytes of a value a call of `copy` costs more.
    for (let at = from; at < to; at++) {
      rest[end] = line[at] ?? 0;
      end += 1;
    }
    this.#restEnd = end;
  }
}

type Head = { [kind in HeadKind]: string | undefined };

/** A key in its quotes, and its value. */
type PairPlace = {
  readonly begin: number;
  readonly end: number;
  readonly value: number;
  readonly valueEnd: number;
};

function readPlainly(text: string): string | undefined {
  return buildReadable(text)
    ?.map(part => part.text)
    .join('');
}

function joinWords(left: string | undefined, right: string | undefined): string | undefined {
  return left === undefined || right === undefined ? (left ?? right) : `${left} ${right}`;
}

function hasBackslash(line: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (line[at] === signs.backslash) {
      return true;
    }
  }
  return false;
}

/** As `isBare` of the text. */
function isBareIn(line: Buffer, from: number, to: number): boolean {
  if (line[from] !== signs.quote || to - from <= 2) {
    return false;
  }
  for (let at = from + 1; at < to - 1; at++) {
    const byte = line[at] ?? 0;
    if (byte >= 0x80) {
      return isBare(line.toString('utf8', from, to));
    }
    if (byte <= signs.space || byte === signs.equals || byte === signs.backslash) {
      return false;
    }
  }
  return true;
}

function findHeadKind(line: Buffer, from: number, to: number): HeadKind | undefined {
  if (to - from > longestHeadKey) {
    return undefined;
  }
  let hash = 0;
  for (let at = from; at < to; at++) {
    hash = addToHash(hash, line[at] ?? 0);
  }
  const found = headHashes.get(hash);
  return found && isSame(line, from, to, found.key) ? found.kind : undefined;
}

function isSame(line: Buffer, from: number, to: number, key: Buffer): boolean {
  for (let at = from; at < to; at++) {
    if (toSmall(line[at] ?? 0) !== key[at - from]) {
      return false;
    }
  }
  return to - from === key.length;
}

function addToHash(hash: number, byte: number): number {
  return (hash * 31 + toSmall(byte)) & 0xffffff;
}

function toSmall(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

const headHashes = new Map(
  [...headKeys].map(([text, kind]) => {
    const key = Buffer.from(text);
    return [key.reduce(addToHash, 0), { key, kind }] as const;
  }),
);
const longestHeadKey = Math.max(...[...headKeys.keys()].map(key => key.length));
