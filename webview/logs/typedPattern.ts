import type { LogPattern } from '../../daemon/protocol/log.ts';

/** The expression that finds a pattern in a text, all of its matches; throws SyntaxError for a bad one. */
export function buildExpression({ text, regex, matchCase }: LogPattern): RegExp {
  const source = regex ? text : text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const flags = matchCase ? 'g' : 'gi';
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // Without "u" more is allowed that people write: \- and the like. The daemon does the same.
    return new RegExp(source, flags);
  }
}

/** Why a pattern cannot be used, as the browser says it; undefined where it can. */
export function findFault(pattern: LogPattern): string | undefined {
  try {
    buildExpression(pattern);
    return undefined;
  } catch (error) {
    // `Invalid regular expression: /(/gi: Unterminated group`
    return (error instanceof Error ? error.message : String(error)).replace(/^.*: /s, '');
  }
}
