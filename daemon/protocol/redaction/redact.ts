import { stripControlCharacters } from './controlCharacters.ts';
import { findOpenSecret, findPatternSecrets, longestPattern, type SecretRange } from './secretPatterns.ts';

/** What stands in the place of a secret. */
export const redactedMark = '(redacted)';

/** A piece of a growing output, ready to be shown. */
export type ShownPiece = {
  readonly text: string;
  /** The index in the given bytes up to which `text` goes; the next piece begins here. */
  readonly end: number;
};

/** Takes secrets out of what is shown or kept. */
export type Redactor = {
  /** A whole text without its secrets. */
  redact(text: string): string;
  /** The arguments of a command without their secrets, also `--password X` in two arguments. */
  redactArgs(args: readonly string[]): readonly string[];
  /**
   * A piece of an output that is still growing, from byte `from` on and about `limit` bytes long, redacted and without
   * terminal codes. Bytes that could be the beginning of a secret or of a character are held back until `final`.
   */
  show(
    bytes: Buffer,
    options: { readonly from: number; readonly limit: number; readonly final: boolean },
  ): ShownPiece;
  /** Where secrets stand in bytes that are all there is, in their order. */
  find(bytes: Buffer): readonly SecretRange[];
  /**
   * How many bytes before and after a place decide whether it is part of a secret, but of an object that is repeated: that
   * is known from its beginning to its end, or for `longestRepeated`.
   */
  readonly reach: number;
};

/**
 * Builds a redactor from the values of secrets, which are also found in base64, in URLs and in JSON, and from patterns.
 * A value under four characters is replaced only where it stands alone as a word.
 */
export function buildRedactor(secrets: readonly string[] = []): Redactor {
  const known = [...new Set(secrets.flatMap(buildForms))].sort((left, right) => right.length - left.length);
  const reach = longestPattern + (known[0]?.length ?? 0);
  const find = (bytes: string) => mergeRanges([...findKnown(bytes, known), ...findPatternSecrets(bytes)]);
  const redact = (text: string) => {
    const bytes = toBytes(text);
    return toText(replaceRanges(bytes, find(bytes)));
  };
  // Once more after the terminal codes are gone: they may have stood inside a secret.
  const redactKnown = (text: string) => {
    const bytes = toBytes(text);
    return toText(replaceRanges(bytes, mergeRanges(findKnown(bytes, known))));
  };
  return {
    reach,
    redact,
    find: bytes => find(bytes.toString('latin1')),
    redactArgs: args =>
      args.map((arg, index) =>
        namesSecret.test(args[index - 1] ?? '') && !arg.startsWith('-') ? redactedMark : redact(arg),
      ),
    show: (buffer, { from, limit, final }) => {
      const bytes = buffer.toString('latin1');
      const ranges = find(bytes);
      const safe = final ? bytes.length : findSafeEnd(bytes, { ranges, known, reach });
      const end = chooseEnd(bytes, ranges, { from, limit, safe });
      if (end <= from) {
        return { text: '', end: from };
      }
      const within = ranges
        .filter(range => range.start < end && range.end > from)
        .map(range => ({ start: Math.max(range.start, from), end: Math.min(range.end, end) }));
      const piece = replaceRanges(bytes.slice(0, end), within).slice(from);
      return { text: redactKnown(stripControlCharacters(toText(piece))), end };
    },
  };
}

const namesSecret = /^--?[a-z0-9-]*(?:password|passwd|passphrase|token|secret|api-?key|credentials?)$/i;

/** A secret as it stands in an output: itself, in base64 (a Secret's data), in a URL, in JSON; as bytes. */
function buildForms(secret: string): readonly string[] {
  if (secret === '') {
    return [];
  }
  const forms =
    secret.length < 4
      ? [secret]
      : [
          secret,
          secret.trim(),
          Buffer.from(secret, 'utf8').toString('base64'),
          Buffer.from(secret, 'utf8').toString('base64').replace(/=+$/, ''),
          encodeUri(secret),
          JSON.stringify(secret).slice(1, -1),
        ];
  return forms.filter(form => form !== '').map(toBytes);
}

function encodeUri(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

function findKnown(bytes: string, known: readonly string[]): readonly SecretRange[] {
  return known.flatMap(secret => {
    const ranges: SecretRange[] = [];
    for (let start = bytes.indexOf(secret); start >= 0; start = bytes.indexOf(secret, start + 1)) {
      const end = start + secret.length;
      if (secret.length >= 4 || standsAlone(bytes, start, end)) {
        ranges.push({ start, end });
      }
    }
    return ranges;
  });
}

function standsAlone(bytes: string, start: number, end: number): boolean {
  const word = /[A-Za-z0-9_\u0080-\u00ff]/;
  return !word.test(bytes[start - 1] ?? '') && !word.test(bytes[end] ?? '');
}

function mergeRanges(ranges: readonly SecretRange[]): readonly SecretRange[] {
  const merged: SecretRange[] = [];
  for (const range of [...ranges].sort((left, right) => left.start - right.start)) {
    const last = merged.at(-1);
    if (last && range.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

function replaceRanges(bytes: string, ranges: readonly SecretRange[]): string {
  let result = '';
  let at = 0;
  for (const { start, end } of ranges) {
    result += bytes.slice(at, start) + redactedMark;
    at = end;
  }
  return result + bytes.slice(at);
}

type Undecided = {
  readonly ranges: readonly SecretRange[];
  readonly known: readonly string[];
  readonly reach: number;
};

/** Up to where more bytes cannot change what is a secret: the last whole line, or `reach` before the end. */
function findSafeEnd(bytes: string, { ranges, known, reach }: Undecided): number {
  // A carriage return at the very end may be half a line end.
  const line = Math.max(bytes.lastIndexOf('\n'), bytes.lastIndexOf('\r', bytes.length - 2)) + 1;
  const decided = Math.max(line, bytes.length - reach);
  const openKey = findOpenSecret(bytes) ?? bytes.length;
  const openKnown = Math.min(bytes.length, ...known.map(secret => findOpenEnd(bytes, secret)));
  return moveOut(toCharacterStart(bytes, Math.min(decided, openKey, openKnown)), ranges);
}

/** Where the longest beginning of a secret stands at the end of the bytes; their length when none does. */
function findOpenEnd(bytes: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, bytes.length); length > 0; length--) {
    if (bytes.endsWith(secret.slice(0, length))) {
      return bytes.length - length;
    }
  }
  return bytes.length;
}

/** Before a secret that spans the index. */
function moveOut(index: number, ranges: readonly SecretRange[]): number {
  return ranges.find(range => range.start < index && index < range.end)?.start ?? index;
}

function chooseEnd(
  bytes: string,
  ranges: readonly SecretRange[],
  { from, limit, safe }: { readonly from: number; readonly limit: number; readonly safe: number },
): number {
  if (safe <= from + Math.max(limit, 4)) {
    return safe;
  }
  const line = bytes.lastIndexOf('\n', from + limit - 1) + 1;
  let end = line > from ? line : from + Math.max(limit, 4);
  const secret = ranges.find(range => range.start < end && end < range.end);
  if (secret) {
    // A secret at the very beginning of the piece goes whole, however long it is.
    end = secret.start > from ? secret.start : Math.min(secret.end, safe);
  }
  if (end - 1 > from && bytes[end - 1] === '\r' && bytes[end] === '\n') {
    end--;
  }
  const whole = toCharacterStart(bytes, end);
  return whole > from ? whole : end;
}

/** Back to the first byte of the UTF-8 character at the index; bytes that are no UTF-8 are left as they stand. */
function toCharacterStart(bytes: string, index: number): number {
  for (let start = index; start > index - 4 && start >= 0; start--) {
    if ((bytes.charCodeAt(start) & 0xc0) !== 0x80) {
      return start;
    }
  }
  return index;
}

function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function toText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
