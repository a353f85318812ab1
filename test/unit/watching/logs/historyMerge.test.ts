import assert from 'node:assert/strict';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import type { TimedLines } from '../../../../daemon/watching/logs/followerSink.ts';
import { HistoryMerge } from '../../../../daemon/watching/logs/historyMerge.ts';
import { measureProcessorTime } from '../../../builders/measureProcessorTime.ts';

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

/** Only looks at the order: a test of speed must not measure its own work. */
class CountingTarget {
  count = 0;
  isOrdered = true;
  readonly isFull = false;
  #last = -1;

  append({ times }: TimedLines): void {
    for (const time of times) {
      this.isOrdered &&= time >= this.#last;
      this.#last = time;
    }
    this.count += times.length;
  }

  remark(): void {
    assert.fail('nobody remarked anything');
  }

  async room(): Promise<void> {}
}

describe('what several containers wrote before', () => {
  it('is in the order of its times, and each container in its own order', async () => {
    const source = fc.array(fc.array(fc.nat(50), { minLength: 1, maxLength: 5 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(source, { minLength: 1, maxLength: 9 }), async sources => {
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
        await merge.over;
        const times = target.got.map(({ time }) => time);
        assert.deepEqual(
          times,
          times.toSorted((left, right) => left - right),
        );
        assert.equal(times.length, sorted.flat(2).length);
      }),
    );
  });

  it('P-07q of two hundred containers is put in order without doing nothing else for 150 ms', async () => {
    const target = new CountingTarget();
    const merge = new HistoryMerge(target);
    const [sources, lines] = [200, 1_000];
    const sinks = Array.from({ length: sources }, (_, index) => merge.join(index));
    // Every line is between those of all the others.
    const blocks = sinks.map((_, index) =>
      build(Array.from({ length: lines }, (_, line) => line * sources + index)),
    );
    let longest = 0;
    const doInOneTask = (act: () => void) => {
      longest = Math.max(longest, measureProcessorTime(act));
    };
    for (const [index, sink] of sinks.entries()) {
      doInOneTask(() => {
        sink.lines(blocks[index] ?? assert.fail());
        void sink.done();
      });
    }
    let before = process.threadCpuUsage();
    while (!merge.isOver) {
      await turn();
      const { user, system } = process.threadCpuUsage(before);
      longest = Math.max(longest, (user + system) / 1_000);
      before = process.threadCpuUsage();
    }
    assert.ok(longest < 150, `${longest} ms`);
    assert.equal(target.count, sources * lines);
    assert.ok(target.isOrdered);
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
