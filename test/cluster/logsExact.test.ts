import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { waitFor } from '../../sandbox/waitFor.ts';
import { LogBed, type LogEntry } from './logBed.ts';
import { NumberedLines } from './numberedLines.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** The numbers of the lines of one container, in the order in which the log has them. */
function numbersOf(entries: readonly LogEntry[], name: string): readonly number[] {
  return entries.flatMap(({ kind, text }) => {
    const match = /^#(\S+) (\d+) /.exec(text);
    return kind === 'L' && match?.[1] === name ? [Number(match[2])] : [];
  });
}

/** Says what is wrong with numbers that should be 0, 1, 2, ... */
function checkNumbers(numbers: readonly number[], count: number, name: string): void {
  const wrong = numbers.findIndex((number, index) => number !== index);
  const around = wrong === -1 ? '' : `; at ${wrong}: ${numbers.slice(Math.max(0, wrong - 3), wrong + 4)}`;
  assert.ok(
    wrong === -1 && numbers.length === count,
    `${name}: ${numbers.length} lines of ${count}, ${new Set(numbers).size} different ones${around}`,
  );
}

const gapsOf = (entries: readonly LogEntry[]) => entries.filter(({ kind }) => kind === 'G');

describe('The log of a workload over a bad connection', function () {
  this.timeout(180_000);
  let bed: LogBed;

  before(async function () {
    this.timeout(clusterStartMs);
    bed = await LogBed.create('exact', 4);
  });
  after(async () => bed?.dispose());

  it('P-06a P-06b P-06c P-06f has 100,000 lines of 4 pods each once and in order, over 20 cuts, a replaced pod and a restarted container', async () => {
    const [a = '', b = '', c = '', d = ''] = await bed.pods(4);
    await bed.nameRun(b, { id: 'containerd://b-1', restarts: 0 });
    const view = await bed.open();
    const first = new NumberedLines(bed.writer(a), 'a', 12_500);
    const restarted = new NumberedLines(bed.writer(b), 'b', 25_000);
    const others = [
      new NumberedLines(bed.writer(c), 'c', 25_000),
      new NumberedLines(bed.writer(d), 'd', 25_000),
    ];
    const writing = [first, restarted, ...others].map(lines => lines.write({ perSecond: 1_000 }));

    let cuts = 0;
    const cutSome = async (count: number) => {
      for (const end = cuts + count; cuts < end; cuts += 1) {
        await wait(100 + Math.random() * 1_400);
        bed.proxy.cut();
      }
    };
    await cutSome(6);
    // The run ends and the next begins, as a runtime does it; the kubelet says so a little later.
    await restarted.turnOver();
    await wait(200);
    const saying = bed.nameRun(b, { id: 'containerd://b-2', restarts: 1, before: 'containerd://b-1' });
    await cutSome(4);
    await saying;

    await writing[0];
    await waitFor('the last line of the pod that goes', () => bed.hasText(view.logId, '#a 12499 '), {
      limitMs: 30_000,
    });
    await bed.bed.cluster.kubectl(['delete', 'pod', a, '-n', bed.namespace, '--wait=false']);
    const pods = await bed.pods(4, [a]);
    // A connection that is cut before it has said that nothing more comes leaves a doubt, and a gap.
    await bed.waitForSource(view.logId, a, 'ended');
    const e = pods.find(name => ![b, c, d].includes(name)) ?? '';
    const replacing = new NumberedLines(bed.writer(e), 'e', 12_500);
    writing.push(replacing.write({ perSecond: 1_500 }));
    await cutSome(10);
    await Promise.all(writing);

    const wanted = { a: 12_500, b: 25_000, c: 25_000, d: 25_000, e: 12_500 };
    await waitFor(
      'every last line',
      async () =>
        (
          await Promise.all(
            Object.entries(wanted).map(([name, count]) => bed.hasText(view.logId, `#${name} ${count - 1} `)),
          )
        ).every(Boolean),
      { limitMs: 60_000 },
    );
    const entries = await bed.read(view.logId);
    assert.equal(cuts, 20);
    for (const [name, count] of Object.entries(wanted)) {
      checkNumbers(numbersOf(entries, name), count, name);
    }
    assert.deepEqual(
      gapsOf(entries).map(({ text }) => text),
      [],
    );
    await bed.client.request('log.close', { logId: view.logId });
  });

  it('P-06f has the last lines of a burst in order and without a gap, when no more were wanted', async () => {
    const [pod = ''] = await bed.pods(4);
    const count = 100_000;
    for (const tailLines of [1_000, 10]) {
      const name = `last${tailLines}`;
      await new NumberedLines(bed.writer(pod), name, count).portion(count);
      const view = await bed.open({ tailLines, workload: `pod/${pod}` });
      const last = () => bed.hasText(view.logId, `#${name} ${count - 1} `);
      await waitFor('the last line of the burst', last, { limitMs: 20_000 });
      const first = await bed.read(view.logId);
      // The sandbox writes a line of its own every two seconds, which may stand after the burst by now.
      assert.ok(first.length >= tailLines, `${first.length} lines`);
      const numbers = numbersOf(first, name);
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => count - numbers.length + index),
      );
      // Whoever follows reads all of the burst again before such a line, and once more after a cut.
      await waitForMore(view.logId, first.length);
      bed.proxy.cut();
      await waitForMore(view.logId, (await bed.read(view.logId)).length);
      const entries = await bed.read(view.logId);
      // No deepEqual: the difference of a hundred thousand entries is not for anybody to read, nor to compute.
      assert.equal(numbersOf(entries, name).length, numbers.length, 'nothing of the burst came later');
      assert.deepEqual(entries.slice(0, first.length), first, 'what was there stays as it was');
      assert.deepEqual(gapsOf(entries), []);
      await bed.client.request('log.close', { logId: view.logId });
    }
  });

  function waitForMore(logId: string, length: number): Promise<void> {
    return waitFor('another line', async () => (await bed.read(logId)).length > length, { limitMs: 20_000 });
  }
});
