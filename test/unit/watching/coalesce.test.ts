import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { coalesce } from '../../../daemon/watching/coalesce.ts';

describe('coalesced changes', () => {
  it('are told at once when one comes alone', async () => {
    const calls: number[] = [];
    const changes = coalesce(() => calls.push(performance.now()), 100);
    const marked = performance.now();
    changes.mark();
    await turn();
    changes.dispose();
    assert.equal(calls.length, 1);
    assert.ok((calls[0] ?? Number.POSITIVE_INFINITY) - marked < 5, 'within 5 ms');
  });

  it('are told as one when they come together', async () => {
    let calls = 0;
    const changes = coalesce(() => calls++, 100);
    for (let count = 0; count < 500; count++) {
      changes.mark();
    }
    await turn();
    changes.dispose();
    assert.equal(calls, 1);
  });

  it('are told no more often than the interval in a storm, and the last one is told', async () => {
    let state = 0;
    const told: { readonly at: number; readonly state: number }[] = [];
    const changes = coalesce(() => told.push({ at: performance.now(), state }), 100);
    const end = performance.now() + 450;
    while (performance.now() < end) {
      state += 1;
      changes.mark();
      await turn();
    }
    await wait(150);
    changes.dispose();
    const gaps = told.slice(1).map(({ at }, index) => at - (told[index]?.at ?? 0));
    assert.ok(
      gaps.every(gap => gap > 95),
      `gaps ${gaps.join(', ')}`,
    );
    assert.ok(told.length >= 4 && told.length <= 6, `${told.length} calls`);
    assert.equal(told.at(-1)?.state, state);
  });

  it('are not told after the end', async () => {
    let calls = 0;
    const changes = coalesce(() => calls++, 1);
    changes.mark();
    changes.dispose();
    await wait(10);
    assert.equal(calls, 0);
  });
});
