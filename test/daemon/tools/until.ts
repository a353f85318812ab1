import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a condition; fails after 15 s. */
export async function until(condition: () => unknown): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `did not come true: ${condition}`);
    await pause(10);
  }
}
