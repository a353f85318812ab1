import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Patience } from '../../../daemon/steps/patience.ts';
import { aClock } from '../../builders/clock.ts';

describe('patience', () => {
  afterEach(() => mock.timers.reset());

  it('is over when as much time has passed in tries as it has', () => {
    const clock = aClock();
    const patience = new Patience(20_000, clock.now);
    for (const ms of [10_000, 10_000]) {
      clock.pass(ms);
      patience.count();
    }
    assert.equal(patience.isOver, false);
    clock.pass(1);
    patience.count();
    assert.equal(patience.isOver, true);
  });

  it('L-13g loses 15 s and no more when the clock jumps in a try', () => {
    const clock = aClock();
    const patience = new Patience(15_000, clock.now);
    clock.pass(15 * 60_000);
    patience.count();
    assert.equal(patience.isOver, false);
    clock.pass(1);
    patience.count();
    assert.equal(patience.isOver, true);
  });

  it('L-13g loses no more than the pause and 15 s when the clock jumps in a pause', async () => {
    const clock = aClock();
    const patience = new Patience(20_000, clock.now);
    mock.timers.enable({ apis: ['setTimeout'] });
    const paused = patience.pause(5_000);
    clock.pass(15 * 60_000);
    mock.timers.tick(5_000);
    await paused;
    patience.count();
    assert.equal(patience.isOver, false);
    clock.pass(1);
    patience.count();
    assert.equal(patience.isOver, true);
  });

  it('counts all the time of work that takes minutes, save a jump of the clock', async () => {
    const clock = aClock();
    const patience = new Patience(120_000, clock.now);
    mock.timers.enable({ apis: ['setInterval'] });
    const { promise, resolve } = Promise.withResolvers<void>();
    const working = patience.countWhile(() => promise);
    clock.pass(15 * 60_000);
    for (let seconds = 0; seconds < 105; seconds += 1) {
      clock.pass(1_000);
      mock.timers.tick(1_000);
    }
    assert.equal(patience.isOver, false);
    clock.pass(6_000);
    mock.timers.tick(5_000);
    assert.equal(patience.isOver, true);
    resolve();
    await working;
  });
});
