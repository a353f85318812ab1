/** A stretch of text that must not be shown: `[start, end)`. */
export type SecretRange = { readonly start: number; readonly end: number };

/**
 * The longest stretch that a pattern spans, in characters; a secret known by its value may be longer, and so may an
 * object that is repeated.
 */
export const longestPattern = 36 * 1024;

/** How long the end of an object that is repeated is waited for, in characters: a Secret may have 1 MB before it is quoted. */
export const longestRepeated = 4 * 1024 * 1024;

/** What stands before every object that is repeated. */
export const repeatedBegins = 'Invalid value: ';

/**
 * Finds what looks like a secret: passwords in URLs, bearer and basic credentials, values of keys that name a secret,
 * tokens of known shapes, private keys, Secrets that the API server repeats. Works on text of any encoding in which ASCII is ASCII.
 */
export function findPatternSecrets(text: string): readonly SecretRange[] {
  const ranges: SecretRange[] = [...findPrivateKeys(text), ...findRepeatedSecrets(text)];
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const span = match.indices?.groups?.['secret'];
      if (span && span[1] > span[0]) {
        ranges.push({ start: span[0], end: span[1] });
      }
    }
  }
  return ranges;
}

/** Where something begins whose end has not come yet, and which is a secret to its end; `undefined` when nothing does. */
export function findOpenSecret(text: string): number | undefined {
  const starts = [...findPrivateKeys(text), ...findRepeatedSecrets(text)].flatMap(({ start, open }) =>
    open ? [start] : [],
  );
  return starts.length > 0 ? Math.min(...starts) : undefined;
}

const names = [
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'token',
  'api[_-]?key',
  'access[_-]?key',
  'private[_-]?key',
  'client[_-]?key[_-]?data',
  'credentials?',
].join('|');

// No `\s` anywhere: in bytes read as Latin-1 it would match 0xA0, which is a part of other characters.
const gap = '[ \\t]{0,16}';
const quoted = String.raw`"(?:[^"\\\r\n]|\\.){0,16384}"?|'[^'\r\n]{0,16384}'?|\\"[^"\r\n]{0,16384}"?`;

const patterns: readonly RegExp[] = [
  // https://user:PASSWORD@host, https://TOKEN@host
  /:\/\/[^ \t\r\n/:@]{0,256}:(?<secret>[^ \t\r\n/]{1,4096})@/dg,
  /:\/\/(?<secret>(?:gh[opsu]_|github_pat_|glpat-)[^ \t\r\n/:@]{4,512})@/dg,
  // Authorization: Bearer X, Authorization: Basic X
  /\bbearer[ \t]+(?<secret>[A-Za-z0-9._~+/=-]{6,16384})/dgi,
  /\bauthorization\\?["']?[ \t]{0,16}[:=][ \t]{0,16}\\?["']?(?:basic|token)[ \t]+(?<secret>[A-Za-z0-9._~+/=-]{4,16384})/dgi,
  // --password=X, PASSWORD=X, ?password=X&user=Y
  new RegExp(`(?:${names})\\\\?["']?${gap}=${gap}(?<secret>${quoted}|[^ \\t\\r\\n&"']{1,16384})`, 'dgi'),
  // --password X
  new RegExp(
    `--[a-z0-9-]{0,40}(?:${names})[ \\t]{1,16}(?!-)(?<secret>${quoted}|[^ \\t\\r\\n"']{1,16384})`,
    'dgi',
  ),
  // ["--password", "X"], also on two lines
  new RegExp(
    `\\\\?["']--?[a-z0-9-]{0,40}(?:${names})\\\\?["'],[ \\t\\r\\n]{0,64}(?<secret>${quoted})`,
    'dgi',
  ),
  // `password: X` as a line of YAML, of JSON or of a diff: to the end of the line.
  new RegExp(
    `^${gap}(?:[-+>]${gap})?["']?[A-Za-z0-9_.-]{0,80}(?:${names})["']?${gap}:${gap}(?<secret>[^ \\t\\r\\n][^\\r\\n]{0,16384})`,
    'dgim',
  ),
  // {"password": X, ...}, also inside a quoted string; not "invalid token: expired" in a sentence.
  new RegExp(
    `[{,[]${gap}\\\\?["']?[A-Za-z0-9_.-]{0,80}(?:${names})\\\\?["']?${gap}:${gap}(?<secret>${quoted}|[^ \\t\\r\\n,"'}\\]]{1,16384})`,
    'dgi',
  ),
  // Tokens of known shapes
  /(?<secret>\beyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{8,16384}\.[A-Za-z0-9_-]{8,8192})/dg,
  /(?<secret>\b(?:gh[opsu]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}|glpat-[A-Za-z0-9_-]{16,255}|xox[abprs]-[A-Za-z0-9-]{10,255}))/dg,
  // base64 of "-----BEGIN": keys inside kubeconfigs and Secrets
  /(?<secret>LS0tLS1CRUdJTi[A-Za-z0-9+/=]{16,32768})/dg,
];

const keyBegin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;
const keyEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;
const longestKey = 32 * 1024;

/** A range, and whether its end may still come. */
type OpenRange = SecretRange & { readonly open: boolean };

/** Private keys, and what stands behind a beginning without an end, up to 32 KiB; `open` when the end may still come. */
function findPrivateKeys(text: string): readonly OpenRange[] {
  return [...text.matchAll(keyBegin)].map(({ index: start }) => {
    const limit = start + longestKey;
    keyEnd.lastIndex = start;
    const end = keyEnd.exec(text);
    if (end && end.index <= limit) {
      return { start, end: end.index + end[0].length, open: false };
    }
    return { start, end: Math.min(text.length, limit), open: text.length < limit };
  });
}

const repeatedBegin = new RegExp(`${repeatedBegins}(?<escapes>\\\\*)"(?=\\{)`, 'g');

/**
 * The API server repeats all of an object whose patch it cannot read, and Helm 3 patches Secrets with their values:
 * `cannot patch "x" with kind Secret: "" is invalid: patch: Invalid value: "{...}"`, in quotes that a log may quote again.
 */
function findRepeatedSecrets(text: string): readonly OpenRange[] {
  return [...text.matchAll(repeatedBegin)].flatMap(match => {
    const start = match.index + match[0].length;
    const close = indexOr(text, `}${match.groups?.['escapes'] ?? ''}"`, start) + 1;
    const end = Math.min(close, indexOr(text, '\n', start));
    const line = text.lastIndexOf('\n', match.index) + 1;
    // What it is may come last: without its end it may be a Secret.
    const unended = end === text.length;
    const isSecret = unended || /\bSecret\b/.test(text.slice(line, end));
    return isSecret ? [{ start, end, open: unended && end < start + longestRepeated }] : [];
  });
}

function indexOr(text: string, wanted: string, start: number): number {
  const index = text.indexOf(wanted, start);
  return index < 0 ? text.length : index;
}
