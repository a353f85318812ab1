import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MinHeap } from '../../../../daemon/watching/logs/minHeap.ts';

describe('a heap', () => {
  it('gives the least again and again, and knows the least but one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), numbers => {
        const heap = new MinHeap<{ value: number }>((one, other) => one.value < other.value);
        for (const value of numbers) {
          heap.push({ value });
        }
        const rest = numbers.toSorted((one, other) => one - other);
        for (let taken = 0; rest.length > 0; taken += 1) {
          assert.equal(heap.least?.value, rest[0]);
          assert.equal(heap.second?.value, rest[1]);
          if (heap.least && taken % 3 === 0 && taken < numbers.length) {
            // The least becomes greater.
            heap.least.value += 5;
            heap.sink();
            rest[0] = (rest[0] ?? 0) + 5;
            rest.sort((one, other) => one - other);
          } else {
            heap.pop();
            rest.shift();
          }
        }
        assert.equal(heap.least, undefined);
        heap.pop();
        assert.equal(heap.least, undefined);
      }),
    );
  });
});
