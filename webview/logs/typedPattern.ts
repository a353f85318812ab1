import type { LogPattern } from '../../daemon/protocol/log.ts';

/** The expression that finds a pattern in a text, all of its matches; throws SyntaxError for a bad one. */
export function buildExpression({ text, regex, matchCase }: LogPattern): RegExp {
  const source = regex ? text : text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(source, matchCase ? 'g' : 'gi');
}

/** Why a pattern cannot be used, as the browser says it; undefined where it can. */
export function findFault(pattern: LogPattern): string | undefined {
  try {
    buildExpression(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
