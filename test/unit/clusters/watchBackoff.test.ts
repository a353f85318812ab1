import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildWatchPause, buildWatchTimeout } from '../../../daemon/clusters/watchBackoff.ts';

describe('the pause of a watch', () => {
  it('doubles from a quarter of a second to 15 s, and is never less than half of that', () => {
    const caps = [0, 1, 2, 3, 4, 5, 6, 7, 99].map(failures => buildWatchPause({ failures, random: 1 }));
    assert.deepEqual(caps, [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    fc.assert(
      fc.property(fc.nat(200), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
        const pause = buildWatchPause({ failures, random });
        const cap = buildWatchPause({ failures, random: 1 });
        assert.ok(pause >= cap / 2 && pause <= cap);
      }),
    );
  });

  it('is what the API server asks for where that is longer, up to 30 s', () => {
    const pause = (failures: number, retryAfterMs: number) =>
      buildWatchPause({ failures, random: 0, retryAfterMs });
    assert.equal(pause(0, 1_000), 1_000);
    assert.equal(pause(0, 0), 125);
    assert.equal(pause(9, 1_000), 7_500);
    assert.equal(pause(0, 3_600_000), 30_000);
    assert.equal(pause(0, 9_999_999_000), 30_000);
  });
});

describe('how long a watch is kept open', () => {
  it('differs by a fifth, so that not all end at once', () => {
    assert.equal(buildWatchTimeout(0), 192);
    assert.equal(buildWatchTimeout(0.5), 240);
    assert.equal(buildWatchTimeout(1), 288);
  });
});
