import { stripEscapeSequences } from '../../model/escapeSequences.ts';
import type { LogPattern } from '../../protocol/log.ts';
import { compilePattern } from './compilePattern.ts';

/** Says whether the text of a line fits a pattern. */
export type LineMatcher = (text: string) => boolean;

/** Characters of a line that a regular expression sees; text that is looked for as it is sees all of them. */
export const longestForRegex = 16_384;

/** Builds the matcher of a pattern: escape sequences do not count. Throws `invalidPattern` for no regular expression. */
export function buildLineMatcher(pattern: LogPattern): LineMatcher {
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
