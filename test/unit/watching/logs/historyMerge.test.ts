import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import type { TimedLines } from '../../../../daemon/watching/logs/followerSink.ts';
import { HistoryMerge } from '../../../../daemon/watching/logs/historyMerge.ts';

function build(times: readonly number[]): TimedLines {
  const bytes = Buffer.from(times.map(time => `${time}\n`).join(''));
  const ends = [...bytes].flatMap((byte, at) => (byte === 10 ? [at + 1] : []));
  return { bytes, ends, times };
}

class Target {
  readonly got: { readonly time: number; readonly source: number }[] = [];
  readonly isFull = false;

  append({ times, bytes, ends }: TimedLines, source: number): void {
    assert.equal(ends.at(-1), bytes.length);
    assert.deepEqual(bytes.toString().trimEnd().split('\n').map(Number), times);
    this.got.push(...times.map(time => ({ time, source })));
  }

  remark(): void {
    assert.fail('nobody remarked anything');
  }

  async room(): Promise<void> {}
}

describe('what several containers wrote before', () => {
  it('is in the order of its times, and each container in its own order', () => {
    const source = fc.array(fc.array(fc.nat(50), { minLength: 1, maxLength: 5 }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(source, { minLength: 1, maxLength: 4 }), sources => {
        const target = new Target();
        const merge = new HistoryMerge(target);
        const sinks = sources.map((_, index) => merge.join(index));
        const sorted = sources.map(blocks => {
          const times = blocks.flat().toSorted((left, right) => left - right);
          return blocks.map(block => times.splice(0, block.length));
        });
        const most = Math.max(...sorted.map(({ length }) => length));
        for (let block = 0; block < most; block += 1) {
          for (const [index, blocks] of sorted.entries()) {
            const times = blocks[block];
            if (times) {
              sinks[index]?.lines(build(times));
            }
          }
        }
        for (const sink of sinks) {
          void sink.done();
        }
        assert.ok(merge.isOver);
        const times = target.got.map(({ time }) => time);
        assert.deepEqual(
          times,
          times.toSorted((left, right) => left - right),
        );
        assert.equal(times.length, sorted.flat(2).length);
      }),
    );
  });

  it('does not wait long for a container that gives nothing', async function () {
    this.timeout(15_000);
    const target = new Target();
    const merge = new HistoryMerge(target);
    const sinks = [merge.join(0), merge.join(1)];
    sinks[0]?.lines(build([1, 2]));
    assert.equal(target.got.length, 0);
    const until = async (count: number) => {
      for (
        const limit = performance.now() + 5_000;
        target.got.length < count && performance.now() < limit;
      ) {
        await wait(20);
      }
      assert.equal(target.got.length, count);
    };
    await until(2);
    // What comes late comes where it comes.
    sinks[1]?.lines(build([0]));
    await until(3);
    assert.deepEqual(
      target.got.map(({ source }) => source),
      [0, 0, 1],
    );
    merge.dispose();
  });

  it('is not held in memory: a container that is far ahead waits', async () => {
    const target = new Target();
    const merge = new HistoryMerge(target);
    const [ahead, behind] = [merge.join(0), merge.join(1)];
    for (let block = 0; block < 100; block += 1) {
      ahead.lines(build(Array.from({ length: 2_000 }, (_, index) => 1_000_000 + block * 2_000 + index)));
    }
    assert.ok(ahead.isFull);
    let waited = true;
    const room = ahead.room().then(() => {
      waited = false;
    });
    await wait(10);
    assert.ok(waited);
    behind.lines(build([1]));
    void behind.done();
    await room;
    assert.ok(!ahead.isFull);
  });
});
