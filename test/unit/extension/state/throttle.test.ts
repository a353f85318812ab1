import assert from 'node:assert/strict';
import { Throttle } from '../../../../extension/state/throttle.ts';

/** A clock that stands until it is moved. */
function openClock() {
  let time = 0;
  let waiting: { at: number; callback: () => void }[] = [];
  return {
    timer: {
      now: () => time,
      after: (ms: number, callback: () => void) => {
        const entry = { at: time + ms, callback };
        waiting.push(entry);
        return () => {
          waiting = waiting.filter(other => other !== entry);
        };
      },
    },
    moveTo: (to: number) => {
      time = to;
      const due = waiting.filter(({ at }) => at <= to);
      waiting = waiting.filter(({ at }) => at > to);
      for (const { callback } of due) {
        callback();
      }
    },
  };
}

describe('the throttle', () => {
  it('acts at once after quiet, then once per interval, and once more after the last request', () => {
    const clock = openClock();
    const times: number[] = [];
    const throttle = new Throttle({
      intervalMs: 250,
      timer: clock.timer,
      action: () => times.push(clock.timer.now()),
    });
    for (let time = 0; time <= 1000; time += 5) {
      clock.moveTo(time);
      throttle.request();
    }
    clock.moveTo(2000);
    assert.deepEqual(times.slice(0, 4), [0, 250, 500, 750]);
    assert.equal(times.at(-1), 2000);
    assert.equal(times.length, 6);
  });

  it('does nothing any more once it is disposed', () => {
    const clock = openClock();
    let count = 0;
    const throttle = new Throttle({ intervalMs: 250, timer: clock.timer, action: () => count++ });
    throttle.request();
    throttle.request();
    throttle.dispose();
    clock.moveTo(1000);
    assert.equal(count, 1);
  });
});
