import assert from 'node:assert/strict';
import { ReadPace } from '../../../../daemon/watching/logs/readPace.ts';

describe('the pace at which a log is read', () => {
  it('reads on at once while a log says little', () => {
    const rests = readPieces({ count: 200, size: 130, everyMs: 1 });
    assert.deepEqual([...new Set(rests)], [0]);
  });

  it('rests after each small piece once a log says much', () => {
    const rests = readPieces({ count: 200, size: 130, everyMs: 0.1 });
    assert.deepEqual([rests[0], rests.at(-1)], [0, 10]);
  });

  it('reads on at once after a large piece, since more is waiting', () => {
    const pace = new ReadPace(0);
    assert.equal(pace.restAfter(20_000, 1), 0);
    assert.equal(pace.restAfter(20_000, 12), 0);
    assert.equal(pace.restAfter(500, 13), 10);
  });

  it('reads on at once again when a log has calmed down', () => {
    const pace = new ReadPace(0);
    assert.equal(pace.restAfter(10_000, 10), 10);
    assert.equal(pace.restAfter(130, 30), 0);
  });
});

/** The rests, in milliseconds, after pieces that come so often by themselves; each rest lets more gather in the next. */
function readPieces(pieces: {
  readonly count: number;
  readonly size: number;
  readonly everyMs: number;
}): readonly number[] {
  const pace = new ReadPace(0);
  let now = 0;
  let gathered = 1;
  return Array.from({ length: pieces.count }, () => {
    now += pieces.everyMs;
    const rest = pace.restAfter(pieces.size * gathered, now);
    now += rest;
    gathered = 1 + Math.round(rest / pieces.everyMs);
    return rest;
  });
}
