import assert from 'node:assert/strict';
import { SequenceList } from '../../../../daemon/watching/logs/sequenceList.ts';

describe('a list of the numbers of entries', () => {
  it('keeps the places of the others when the oldest are given up', () => {
    const list = new SequenceList();
    for (let number = 0; number < 100_000; number += 1) {
      list.push(number * 3);
    }
    assert.equal(list.total, 100_000);
    assert.equal(list.at(77_777), 77_777 * 3);
    list.dropBefore(150_000);
    assert.equal(list.first, 50_000);
    assert.equal(list.at(50_000), 150_000);
    assert.equal(list.at(99_999), 299_997);
    list.push(300_000);
    assert.equal(list.at(100_000), 300_000);
    list.dropBefore(1_000_000);
    assert.equal(list.first, 100_001);
    list.push(2_000_000);
    assert.equal(list.at(100_001), 2_000_000);
  });

  it('keeps numbers beyond four thousand millions', () => {
    const list = new SequenceList();
    list.push(5_000_000_000);
    list.push(5_000_000_007);
    assert.deepEqual([list.at(0), list.at(1)], [5_000_000_000, 5_000_000_007]);
  });
});
