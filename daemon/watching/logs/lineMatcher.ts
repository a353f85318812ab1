import { stripEscapeSequences } from '../../model/escapeSequences.ts';
import type { LogPattern } from '../../protocol/log.ts';
import { longestText } from './buildBatch.ts';
import { compilePattern } from './compilePattern.ts';
import { ReadableText } from './readableText.ts';

/** Says whether the text of a line fits a pattern. */
export type LineMatcher = (text: string) => boolean;

/** Characters of a line that a regular expression sees; text that is looked for as it is sees all of them. */
export const longestForRegex = 16_384;

/**
 * Builds the matcher of a pattern: escape sequences do not count, and a line of JSON fits by what is written or by what a
 * page shows of it, where that is wanted. Throws `invalidPattern` for no regular expression.
 */
export function buildLineMatcher(pattern: LogPattern): LineMatcher {
  const fits = buildTextMatcher(pattern);
  if (!pattern.readable) {
    return fits;
  }
  const mayFit = buildQuickLook(pattern);
  // A line that travels to a page in part is shown as it is written.
  const readable = new ReadableText(longestText);
  return text => {
    if (fits(text)) {
      return true;
    }
    const shown = mayFit(text) ? readable.read(text) : undefined;
    return shown !== undefined && fits(shown);
  };
}

/**
 * Says whether the readable form of a line is worth to be built, which takes ten times as long as to look at the line: a
 * word stands in it as it is written, but for the case of a level, unless something is escaped or a level is a number.
 */
function buildQuickLook({ text, regex }: LogPattern): LineMatcher {
  const words = regex ? [] : (text.match(/[a-z0-9]+/gi) ?? []);
  const [longest = ''] = words.toSorted((one, other) => other.length - one.length);
  if (longest === '' || levelWords.some(level => level.includes(longest.toUpperCase()))) {
    return () => true;
  }
  const word = new RegExp(longest, 'i');
  return line => word.test(line) || changesLetters.test(line);
}

/** What a readable form says for a level that is a number. */
const levelWords = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** All but what is printed of ASCII and no backslash: escapes of either kind, letters whose upper case may be others. */
const changesLetters = /[^ -[\]-~]/;

function buildTextMatcher(pattern: LogPattern): LineMatcher {
  if (!pattern.regex && pattern.matchCase) {
    return text => stripEscapeSequences(text).includes(pattern.text);
  }
  const regex = compilePattern(pattern);
  return pattern.regex
    ? text =>
        regex.test(
          stripEscapeSequences(text.length > longestForRegex ? text.slice(0, longestForRegex) : text),
        )
    : text => regex.test(stripEscapeSequences(text));
}
