import { createContext, Script } from 'node:vm';
import { stripEscapeSequences } from '../../model/escapeSequences.ts';
import { SlipwayError } from '../../protocol/errors.ts';
import type { LogPattern } from '../../protocol/log.ts';

/** Tests the text of a line. */
export type PatternTest = (text: string) => boolean;

/** Characters of a line that a regular expression sees; text that is looked for as it is sees all of them. */
export const longestForRegex = 16_384;

/** Builds the test of a pattern: escape sequences do not count. Throws `invalidPattern` for no regular expression. */
export function buildPatternTest(pattern: LogPattern): PatternTest {
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

/** How long one line may take with a regular expression, in milliseconds: a longer one stops the whole daemon. */
const limitMs = 80;
/** How long at a time the daemon does nothing else, in milliseconds. */
const sliceMs = 8;

/**
 * Tests lines one after the other for a few milliseconds: calls `test` with 0, 1, ... until there are no more, time is
 * up, or it returns true; resolves to the number of the next one. A regular expression that needs too long for one line
 * is cut off, and `invalidPattern` is thrown.
 */
export function runSlice(
  count: number,
  test: (index: number) => boolean,
  options: { readonly isGuarded: boolean },
): number {
  let next = 0;
  const run = () => {
    const end = performance.now() + sliceMs;
    while (next < count) {
      const stop = test(next);
      next += 1;
      if (stop || ((next & 15) === 0 && performance.now() > end)) {
        return;
      }
    }
  };
  if (!options.isGuarded) {
    run();
    return next;
  }
  guard(run);
  return next;
}

/** Lets everybody else have a turn. */
export function yieldTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/** V8 stops regular expressions, as all of its code, when the time of a script is up; nothing else can. */
function guard(run: () => void): void {
  for (;;) {
    const before = readProcessorMs();
    if (finishes(run)) {
      return;
    }
    // On a busy machine the time may have been other processes': only this one's own counts.
    if (readProcessorMs() - before > limitMs / 2) {
      throw new SlipwayError(
        'invalidPattern',
        'The regular expression needs too long: it tries the same characters again and again.',
      );
    }
  }
}

function finishes(run: () => void): boolean {
  sandbox ??= { context: createContext({ run: undefined }), script: new Script('run()') };
  sandbox.context['run'] = run;
  try {
    sandbox.script.runInContext(sandbox.context, { timeout: limitMs });
    return true;
  } catch (error) {
    // The error is one of the other context: it is no instance of Error here.
    if ((error as { readonly code?: unknown } | undefined)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw error;
    }
    return false;
  } finally {
    sandbox.context['run'] = undefined;
  }
}

/** What this thread has used of a processor; where Node cannot say, the whole process. */
function readProcessorMs(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}

let sandbox: { readonly context: ReturnType<typeof createContext>; readonly script: Script } | undefined;

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
