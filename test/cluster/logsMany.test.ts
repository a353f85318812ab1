import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { waitFor } from '../../sandbox/waitFor.ts';
import { LogBed } from './logBed.ts';
import { NumberedLines } from './numberedLines.ts';
import { clusterStartMs } from './sharedCluster.ts';

const [pods, followed, first, later] = [230, 200, 30, 20];

describe('The log of a workload of hundreds of pods', function () {
  this.timeout(180_000);
  let bed: LogBed;

  before(async function () {
    this.timeout(clusterStartMs);
    bed = await LogBed.create('many', pods);
  });
  after(async () => bed?.dispose());

  it('P-06i has every line of each of them once, over cuts, also of those that are followed only when others have gone', async () => {
    const names = await bed.pods(pods);
    const written = names.map(name => new NumberedLines(bed.writer(name), name, first + later));
    await Promise.all(written.map(lines => lines.portion(first)));
    const begun = performance.now();
    const view = await bed.open();
    const countLive = async () =>
      (await bed.view(view.logId)).sources.filter(({ state }) => state === 'live').length;
    await waitFor('as many as are followed at a time', async () => (await countLive()) === followed, {
      limitMs: 60_000,
    });
    console.log(`      ${followed} pods live after ${Math.round(performance.now() - begun)} ms`);

    const writing = Promise.all(written.map(lines => lines.write({ perSecond: 5 })));
    for (let cut = 0; cut < 4; cut += 1) {
      await wait(200 + Math.random() * 800);
      bed.proxy.cut();
    }
    await writing;
    const { sources } = await bed.view(view.logId);
    const isFollowed = (name: string) => sources.some(({ pod, state }) => pod === name && state !== 'failed');
    const going = names.filter(isFollowed).slice(0, pods - followed);
    const last = (name: string) => bed.hasText(view.logId, `#${name} ${first + later - 1} `);
    await waitFor(
      'the last lines of those that go',
      async () => (await Promise.all(going.map(last))).every(Boolean),
      { limitMs: 60_000 },
    );
    await waitFor('a calm connection', async () => (await countLive()) === followed, { limitMs: 60_000 });
    const args = ['delete', 'pod', ...going, '-n', bed.namespace, '--wait=false'];
    await bed.bed.cluster.kubectl(args);
    await waitFor(
      'the last line of every pod',
      async () => (await Promise.all(names.map(last))).every(Boolean),
      {
        limitMs: 90_000,
      },
    );

    const entries = await bed.read(view.logId);
    const numbers = new Map<string, number[]>();
    for (const { kind, text } of entries) {
      const [, name = '', number] = (kind === 'L' && /^#(\S+) (\d+) /.exec(text)) || [];
      if (number !== undefined) {
        numbers.set(name, [...(numbers.get(name) ?? []), Number(number)]);
      }
    }
    const wanted = Array.from({ length: first + later }, (_, number) => number);
    const wrong = names.filter(name => JSON.stringify(numbers.get(name)) !== JSON.stringify(wanted));
    assert.deepEqual(
      wrong.map(name => [name, numbers.get(name)]),
      [],
    );
    assert.deepEqual(
      entries.filter(({ kind }) => kind === 'G').map(({ text }) => text),
      [],
    );
  });
});
