import { writeSync } from 'node:fs';
import type { ReadyLine } from '../protocol/discovery.ts';
import { SlipwayError } from '../protocol/errors.ts';

/** Prints the one line that the starter waits for; a starter that has gone is no reason to fail. */
export function printReadyLine(line: ReadyLine): void {
  try {
    writeSync(1, `${JSON.stringify(line)}\n`);
  } catch {
    // Nobody reads it; clients find the daemon by its discovery file.
  }
}

/** The line that says why the daemon does not start. */
export function buildFailedLine(error: unknown): ReadyLine {
  const known =
    error instanceof SlipwayError
      ? error
      : new SlipwayError('daemonNotStarted', error instanceof Error ? error.message : String(error));
  return { ready: false, reason: 'failed', code: known.code, message: known.message, next: known.next };
}
