import { createContext, Script } from 'node:vm';
import { SlipwayError } from '../../protocol/errors.ts';

/** How long one line may take with a regular expression, in milliseconds: a longer one stops the whole daemon. */
const limitMs = 80;
/** However little of the processor it got meanwhile. */
const longestGuardMs = 1_000;
/** How long at a time the daemon does nothing else, in milliseconds. */
const sliceMs = 8;

/**
 * Tests lines one after the other for a few milliseconds: calls `test` with 0, 1, ... until there are no more, time is
 * up, or it returns true; returns the number of the next one. A regular expression that needs too long for one line
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
  guard(run, () => next);
  return next;
}

/** Lets everybody else have a turn. */
export function yieldTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/**
 * V8 stops regular expressions, as all of its code, when the time of a script is up; nothing else can. On a busy machine
 * that time may have been other processes': a line counts as too much for what it used of the processor.
 */
function guard(run: () => void, next: () => number): void {
  const begun = performance.now();
  let line = -1;
  let used = 0;
  for (;;) {
    const before = readProcessorMs();
    if (finishes(run)) {
      return;
    }
    const needed = readProcessorMs() - before;
    used = next() === line ? used + needed : needed;
    line = next();
    if (used > limitMs / 2 || performance.now() - begun > longestGuardMs) {
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
