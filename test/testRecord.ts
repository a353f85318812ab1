import { appendFileSync } from 'node:fs';

/** How a test ended. */
export type TestRecord = {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Why it failed, where that is known. */
  readonly reason?: string;
};

/** A difference of two long texts says nothing more after so many lines. */
const mostReasonLines = 12;

/** What is told of a failure in the end: the first lines of its message, and after how long it came. */
export function buildReason(message: string, durationMs?: number): string {
  const lines = message.trim().split('\n');
  const after = durationMs === undefined ? [] : [`after ${Math.round(durationMs / 1000)} s`];
  const cut = lines.length > mostReasonLines ? ['...'] : [];
  return [...lines.slice(0, mostReasonLines), ...cut, ...after].join('\n');
}

/** Appends a record, as a line of JSON, to the file that $SLIPWAY_TEST_RESULTS names; does nothing without it. */
export function writeRecord(record: TestRecord): void {
  const file = process.env['SLIPWAY_TEST_RESULTS'];
  if (file) {
    appendFileSync(file, `${JSON.stringify(record)}\n`);
  }
}
