import assert from 'node:assert/strict';
import { BoundedMap } from '../../../daemon/model/boundedMap.ts';

describe('a map of so many entries at most', () => {
  it('lets the one go that was set longest ago', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1).set('b', 2).set('a', 3).set('c', 4);
    assert.deepEqual(
      [...map],
      [
        ['a', 3],
        ['c', 4],
      ],
    );
  });
});
