/** The bytes that JSON is made of. */
export const signs = {
  space: 0x20,
  quote: 0x22,
  comma: 0x2c,
  minus: 0x2d,
  colon: 0x3a,
  equals: 0x3d,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

/** The place that what is odd ends at: the last byte of a line's buffer, which is 0 and so ends every loop. */
export function nowhereIn(line: Buffer): number {
  return line.length - 1;
}

/** The place after the spaces of ASCII that begin at a place. */
export function skipSpaces(line: Buffer, from: number): number {
  let at = from;
  for (
    let byte = line[at] ?? 0;
    byte === signs.space || (byte >= 0x09 && byte <= 0x0d);
    byte = line[at] ?? 0
  ) {
    at += 1;
  }
  return at;
}

/** The place after a string in quotes; nowhere where none begins, none ends, or one holds raw control characters. */
export function findStringEnd(line: Buffer, from: number): number {
  if (line[from] !== signs.quote) {
    return nowhereIn(line);
  }
  let at = from + 1;
  for (let byte = line[at] ?? 0; byte !== signs.quote; byte = line[at] ?? 0) {
    const escaped = byte === signs.backslash ? (line[at + 1] ?? 0) : signs.space;
    // What is escaped beyond ASCII may be an end of a line, which JSON does not escape so.
    if (byte < signs.space || escaped < signs.space || escaped >= 0x80) {
      return nowhereIn(line);
    }
    at += byte === signs.backslash ? 2 : 1;
  }
  return at + 1;
}

/** The place after a value; nowhere where none begins or ends. An object or a list only has its brackets closed. */
export function findValueEnd(line: Buffer, from: number): number {
  const byte = line[from];
  if (byte === signs.quote) {
    return findStringEnd(line, from);
  }
  if (byte === signs.openBrace || byte === signs.openBracket) {
    return findClosing(line, from);
  }
  return isDigit(byte ?? 0) || byte === signs.minus ? findNumberEnd(line, from) : findWordEnd(line, from);
}

const words = ['true', 'false', 'null'].map(word => Buffer.from(word));

function findWordEnd(line: Buffer, from: number): number {
  const found = words.find(word => word.every((byte, index) => line[from + index] === byte));
  return found ? from + found.length : nowhereIn(line);
}

function findNumberEnd(line: Buffer, from: number): number {
  let at = line[from] === signs.minus ? from + 1 : from;
  if (!isDigit(line[at] ?? 0)) {
    return nowhereIn(line);
  }
  while (isInNumber(line[at] ?? 0)) {
    at += 1;
  }
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** A digit, or one of `+-.eE`. */
function isInNumber(byte: number): boolean {
  return isDigit(byte) || byte === 0x2b || byte === signs.minus || byte === 0x2e || (byte | 0x20) === 0x65;
}

function findClosing(line: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; line[at]; at++) {
    const byte = line[at];
    if (byte === signs.quote) {
      at = findStringEnd(line, at) - 1;
    } else if (byte === signs.openBrace || byte === signs.openBracket) {
      depth += 1;
    } else if (byte === signs.closeBrace || byte === signs.closeBracket) {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return nowhereIn(line);
}
