import type { LogMatch, LogPattern } from '../../protocol/log.ts';
import { compilePattern } from './compilePattern.ts';
import { runSlice, yieldTurn } from './runSlice.ts';

/** Matches of a text that are told; nobody tells more of them apart. */
const mostMatches = 1_000;

/**
 * Finds where a pattern is in each of the texts, a few milliseconds at a time. Throws `invalidPattern`, also when it
 * needs too long for one of them, or the signal's reason.
 */
export async function findMatches(
  pattern: LogPattern,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<LogMatch[][]> {
  const expression = compilePattern(pattern, 'g');
  const found: LogMatch[][] = texts.map(() => []);
  for (let done = 0; done < texts.length; ) {
    signal.throwIfAborted();
    const offset = done;
    done += runSlice(
      texts.length - offset,
      index => {
        found[offset + index] = findInText(expression, texts[offset + index] ?? '');
        return false;
      },
      { isGuarded: pattern.regex },
    );
    await yieldTurn();
  }
  return found;
}

function findInText(expression: RegExp, text: string): LogMatch[] {
  const matches: LogMatch[] = [];
  for (const { index, 0: match } of text.matchAll(expression)) {
    if (match !== '') {
      matches.push({ from: index, to: index + match.length });
    }
    if (matches.length === mostMatches) {
      break;
    }
  }
  return matches;
}
