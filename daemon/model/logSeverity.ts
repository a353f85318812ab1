import { stripEscapeSequences } from './escapeSequences.ts';

/** How bad a line of a log says it is, worst first; `none` where it says nothing. */
export const severities = ['fatal', 'error', 'warning', 'info', 'debug', 'trace', 'none'] as const;

/** How bad a line of a log says it is. */
export type LogSeverity = (typeof severities)[number];

/** The place in `severities` of what a line says: of JSON, logfmt, klog and what people write. */
export function findSeverity(line: string): number {
  // What says how bad a line is stands at its beginning; a long line is not read to its end.
  const text = stripEscapeSequences(line.length > longestHead ? line.slice(0, longestHead) : line);
  return text.trimStart().startsWith('{') ? findInJson(text) : findInText(text);
}

const longestHead = 2_000;
/** In plain text, a word this far from the beginning belongs to the message. */
const headLength = 160;

const none = severities.indexOf('none');

/** The words for each severity, in lower case. */
const words: Readonly<Record<string, LogSeverity>> = {
  fatal: 'fatal',
  panic: 'fatal',
  dpanic: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  alert: 'fatal',
  crit: 'fatal',
  critical: 'fatal',
  severe: 'error',
  error: 'error',
  err: 'error',
  eror: 'error',
  fail: 'error',
  failure: 'error',
  warning: 'warning',
  warn: 'warning',
  notice: 'info',
  info: 'info',
  information: 'info',
  inf: 'info',
  debug: 'debug',
  dbg: 'debug',
  debg: 'debug',
  fine: 'debug',
  trace: 'trace',
  trc: 'trace',
  verbose: 'trace',
  finer: 'trace',
  finest: 'trace',
};

const places: ReadonlyMap<string, number> = new Map(
  Object.entries(words).map(([word, severity]) => [word, severities.indexOf(severity)]),
);

const jsonLevel =
  /"(?:level|severity|lvl|loglevel|log[._]level|levelname|level_name|@l|@level|severity_text|severityText)"\s*:\s*(?:"([A-Za-z]{3,11})"|(\d{1,3}))/;

function findInJson(text: string): number {
  const match = jsonLevel.exec(text);
  if (!match) {
    return none;
  }
  const [, word, number] = match;
  return word === undefined ? readNumber(Number(number)) : (places.get(word.toLowerCase()) ?? none);
}

/**
 * The least number of each severity, highest first: bunyan and pino count in tens from 10 (trace) to 60 (fatal), syslog
 * from 0 (emergency) to 7 (debug).
 */
const levels: readonly (readonly [number, LogSeverity])[] = [
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warning'],
  [30, 'info'],
  [20, 'debug'],
  [10, 'trace'],
  [7, 'debug'],
  [5, 'info'],
  [4, 'warning'],
  [3, 'error'],
  [0, 'fatal'],
];

function readNumber(number: number): number {
  const [, severity] = levels.find(([least]) => number >= least) ?? [];
  return severities.indexOf(severity ?? 'none');
}

/** https://github.com/kubernetes/klog : `E1125 21:24:25.123456   1 file.go:12] message`. */
const klog = /^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d/;
const klogLetters: Readonly<Record<string, LogSeverity>> = {
  I: 'info',
  W: 'warning',
  E: 'error',
  F: 'fatal',
};

const logfmt = /(?:^|\s)(?:level|lvl|severity|loglevel)="?([A-Za-z]{3,11})"?(?=\s|$)/;
/** `ERROR`, `[error]`, `<Warn>`, `(info)`, `error:`, alone or after times, names and brackets. */
const shouted = /(?:^|[\s[(<|:/-])([A-Z]{3,11})(?=$|[\s\])>|:,/-])/g;
const bracketed = /[[(<]\s*([A-Za-z]{3,11})\s*[\])>]/g;
const atStart = /^\s*([A-Za-z]{3,11})(?::|\s-\s|\s\|)/;
const crash =
  /^(?:panic: |fatal error: |Traceback \(most recent call last\)|Exception in thread |Unhandled |Uncaught |[\w.$]*(?:Error|Exception): )/;

function findInText(text: string): number {
  const letter = klog.exec(text)?.[1];
  if (letter !== undefined) {
    return severities.indexOf(klogLetters[letter] ?? 'none');
  }
  const level = text.includes('=') ? logfmt.exec(text)?.[1] : undefined;
  if (level !== undefined) {
    return places.get(level.toLowerCase()) ?? none;
  }
  const head = text.length > headLength ? text.slice(0, headLength) : text;
  const first = atStart.exec(head)?.[1];
  const known = first === undefined ? undefined : places.get(first.toLowerCase());
  return known ?? findWord(head, bracketed) ?? findWord(head, shouted) ?? findCrash(head);
}

/** The first word of the pattern that is one for a severity. */
function findWord(head: string, pattern: RegExp): number | undefined {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(head); match; match = pattern.exec(head)) {
    const place = places.get((match[1] ?? '').toLowerCase());
    if (place !== undefined) {
      return place;
    }
    // The character after a word may be the one before the next.
    pattern.lastIndex = match.index + match[0].length;
  }
  return undefined;
}

function findCrash(head: string): number {
  return crash.test(head) ? severities.indexOf(/^(?:panic|fatal)/.test(head) ? 'fatal' : 'error') : none;
}
