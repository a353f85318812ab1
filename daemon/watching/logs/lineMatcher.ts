import { stripEscapeSequences } from '../../model/escapeSequences.ts';
import { SlipwayError } from '../../protocol/errors.ts';
import type { LogPattern } from '../../protocol/log.ts';

/** Says whether the text of a line fits a pattern. */
export type LineMatcher = (text: string) => boolean;

/** Characters of a line that a regular expression sees; text that is looked for as it is sees all of them. */
export const longestForRegex = 16_384;

/** Builds the matcher of a pattern: escape sequences do not count. Throws `invalidPattern` for no regular expression. */
export function buildLineMatcher(pattern: LogPattern): LineMatcher {
  if (!pattern.regex && pattern.matchCase) {
    return text => stripEscapeSequences(text).includes(pattern.text);
  }
  const regex = compile(pattern);
  return pattern.regex
    ? text =>
        regex.test(
          stripEscapeSequences(text.length > longestForRegex ? text.slice(0, longestForRegex) : text),
        )
    : text => regex.test(stripEscapeSequences(text));
}

function compile({ text, regex, matchCase }: LogPattern): RegExp {
  const source = regex ? text : text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const flags = matchCase ? '' : 'i';
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    try {
      // Without "u" more is allowed that people write: \- and the like.
      return new RegExp(source, flags);
    } catch (error) {
      throw new SlipwayError('invalidPattern', error instanceof Error ? `${error.message}.` : String(error), {
        details: { field: 'pattern' },
      });
    }
  }
}
