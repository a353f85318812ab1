import { SlipwayError } from '../../protocol/errors.ts';
import type { LogPattern } from '../../protocol/log.ts';

/** The regular expression that finds a pattern; `flags` beyond those for its letters. Throws `invalidPattern`. */
export function compilePattern({ text, regex, matchCase }: LogPattern, flags = ''): RegExp {
  const source = regex ? text : text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const all = matchCase ? flags : `${flags}i`;
  try {
    return new RegExp(source, `${all}u`);
  } catch {
    try {
      // Without "u" more is allowed that people write: \- and the like.
      return new RegExp(source, all);
    } catch (error) {
      throw new SlipwayError('invalidPattern', error instanceof Error ? `${error.message}.` : String(error), {
        details: { field: 'pattern' },
      });
    }
  }
}
