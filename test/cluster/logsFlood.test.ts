import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import { waitFor } from '../../sandbox/waitFor.ts';
import { LogBed, type LogEntry } from './logBed.ts';
import type { LoopFigures } from './loopFigures.ts';
import { type RuntimeLine, writeTime } from './podLogWriter.ts';
import { clusterStartMs } from './sharedCluster.ts';

const millions = 1_000_000;
const longestTaskMs = 150;
const mostMemory = 200e6;

describe('A log that is large', function () {
  this.timeout(300_000);
  let bed: LogBed;
  let pods: readonly string[];

  before(async function () {
    this.timeout(clusterStartMs);
    bed = await LogBed.create('flood', 2);
    pods = await bed.pods(2);
  });
  after(async () => bed?.dispose());

  const pod = (index: number) => bed.writer(pods[index] ?? '');
  const total = async (logId: string) => (await bed.view(logId)).total;

  /** Asserts that the daemon was never busy with one thing for long; the machine's own delays are only told. */
  function checkLoop(figures: LoopFigures, what: string): void {
    const { longestTaskMs: task, delayMs, p99Ms, rss, peakRss, heapUsed, external } = figures;
    const megabytes = (bytes: number) => Math.round(bytes / 1e6);
    console.log(
      `      ${what}: longest task ${task.toFixed(0)} ms, loop delay ${delayMs.toFixed(0)} ms (p99 ${p99Ms.toFixed(0)}), ` +
        `${megabytes(rss)} MB, peak ${megabytes(peakRss)} MB (heap ${megabytes(heapUsed)}, buffers ${megabytes(external)})`,
    );
    assert.ok(task < longestTaskMs, `${what}: a task of ${task} ms`);
  }

  it('P-07o keeps a line of a megabyte whole, in one piece or in the parts of the runtime', async () => {
    const whole = `#whole ${'ä'.repeat(500_000)} end`;
    const parts = Array.from({ length: 64 }, (_, index) => `${index % 10}`.repeat(16_384));
    const now = Date.now();
    await pod(0).append([
      { time: writeTime(now, 1), text: whole },
      ...parts.map(
        (text, index): RuntimeLine => ({
          time: writeTime(now, 2 + index),
          tag: index === parts.length - 1 ? 'F' : 'P',
          text: index === 0 ? `#parts ${text}` : text,
        }),
      ),
      { time: writeTime(now, 100), text: '#after' },
    ]);
    const view = await bed.open();
    await waitFor('the line after', () => bed.hasText(view.logId, '#after'), { limitMs: 20_000 });
    const entries = (await bed.read(view.logId)).filter(({ text }) => text.startsWith('#'));
    assert.deepEqual(
      entries.map(({ kind }) => kind),
      ['T', 'T', 'L'],
    );
    const read = async ({ sequence }: LogEntry) =>
      (await bed.client.request('log.readLine', { logId: view.logId, sequence })).text;
    const [first, second] = entries as [LogEntry, LogEntry];
    assert.equal(first.length, whole.length);
    assert.equal(await read(first), whole);
    assert.equal(await read(second), `#parts ${parts.join('')}`);
    assert.ok(await bed.hasText(view.logId, ' end'), 'text is found at the end of a long line');
    await bed.client.request('log.close', { logId: view.logId });
  });

  it('P-07p shows bytes that are no UTF-8 as replacement characters, and loses nothing around them', async () => {
    const now = Date.now();
    const bad = [
      Buffer.concat([Buffer.from('#bad '), Buffer.from([0xc3, 0x28, 0xff, 0xfe]), Buffer.from(' x')]),
      Buffer.concat([Buffer.from('#cut '), Buffer.from([0xe2, 0x82])]),
      Buffer.concat([Buffer.from('#next '), Buffer.from('€')]),
    ];
    await pod(0).append(bad.map((text, index) => ({ time: writeTime(now, index), text })));
    const view = await bed.open();
    await waitFor('the last line', () => bed.hasText(view.logId, '#next'), { limitMs: 20_000 });
    const entries = (await bed.read(view.logId)).filter(({ text }) => /^#(bad|cut|next) /.test(text));
    assert.deepEqual(
      entries.map(({ text }) => text),
      ['#bad \ufffd(\ufffd\ufffd x', '#cut \ufffd', '#next €'],
    );
    await bed.client.request('log.close', { logId: view.logId });
  });

  it('P-07q takes a burst of 20 MB without doing nothing else for 150 ms, and gives every line of it', async () => {
    const view = await bed.open({ tailLines: 0 });
    await waitFor('the log to be live', async () => (await bed.view(view.logId)).state === 'live', {
      limitMs: 20_000,
    });
    bed.loop.reset(bed.bed.daemonPid ?? 0);
    const count = 150_000;
    await pod(0).append(buildLines(count, '#burst'));
    let from = 0;
    const numbers: number[] = [];
    await waitFor(
      'the burst',
      async () => {
        const batch = await bed.client.request('log.read', { logId: view.logId, from, limit: 20_000 });
        from = batch.from + batch.count;
        for (const [, number] of batch.text.matchAll(/ #burst (\d+) /g)) {
          numbers.push(Number(number));
        }
        return numbers.length >= count;
      },
      { limitMs: 60_000 },
    );
    assert.ok(numbers.every((number, index) => number === index));
    checkLoop(await bed.loop.read(), 'a burst of 20 MB');
    await bed.client.request('log.close', { logId: view.logId });
  });

  it('P-07n keeps a million lines reachable by place, find and filter, in at most 200 MB', async () => {
    for (const index of [0, 1]) {
      await replaceLog(bed, pods[index] ?? '', millions / 2, `#pod${index}`);
    }
    const view = await bed.open();
    bed.loop.reset(bed.bed.daemonPid ?? 0);
    await waitFor('a million lines', async () => (await total(view.logId)) >= millions, {
      limitMs: 120_000,
    });
    const { logId } = view;
    const read = async (from: number, limit: number, filterId?: string) =>
      bed.client.request('log.read', {
        logId,
        from,
        limit,
        ...(filterId === undefined ? {} : { filterId }),
      });
    for (const place of [0, 499_999, 999_000]) {
      const batch = await read(place, 500);
      assert.equal(batch.count, 500);
      assert.equal(batch.from, place);
    }
    const begun = performance.now();
    const pattern = { text: `#pod1 ${millions / 2 - 1} `, regex: false, matchCase: true };
    const found = await bed.client.request('log.find', {
      logId,
      pattern,
      from: 0,
      direction: 'forward',
    });
    const findMs = performance.now() - begun;
    assert.match((await read(found.place ?? 0, 1)).text, /#pod1 499999 /);
    const filterBegun = performance.now();
    const include = { text: '#pod\\d \\d*[05] ', regex: true, matchCase: true };
    const { filterId } = await bed.client.request('log.filter', { logId, filter: { include } });
    let filtered = { total: 0, scanned: 0 };
    const stop = bed.client.onNotification('log.changed', changed => {
      filtered = changed.filtered ?? filtered;
    });
    await waitFor('the filter to have looked through everything', async () => filtered.scanned >= millions, {
      limitMs: 60_000,
    });
    const filterMs = performance.now() - filterBegun;
    stop();
    assert.equal(filtered.total, millions / 5 + (await bed.view(logId)).gaps);
    const last = await read(filtered.total - 1, 1, filterId);
    assert.match(last.text, /#pod\d 49999[05] /);
    console.log(
      `      find through a million lines: ${findMs.toFixed(0)} ms, filter: ${filterMs.toFixed(0)} ms`,
    );
    const figures = await bed.loop.read();
    checkLoop(figures, 'a million lines');
    assert.ok(figures.rss < mostMemory, `${figures.rss / 1e6} MB`);
    await bed.client.request('log.close', { logId });
  });
});

/** Lines of 130 bytes, as they are in many logs. */
function buildLines(count: number, name: string): RuntimeLine[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, number) => ({
    time: writeTime(now + Math.floor(number / 1_000), number % 1_000_000),
    text: `${name} ${number} ${'GET /api/agents/42/tasks 200 40 ms request=001eef '.repeat(2)}`.slice(0, 98),
  }));
}

/** Puts a large log in the place of a container's. */
async function replaceLog(bed: LogBed, pod: string, count: number, name: string): Promise<void> {
  const { path } = bed.writer(pod);
  const now = Date.now() - 600_000;
  const parts: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const time = writeTime(now + Math.floor(number / 10), number % 1_000_000);
    const text = `${name} ${number} ${'GET /api/agents/42/tasks 200 40 ms request=001eef '.repeat(2)}`;
    parts.push(`${time} stdout F ${text.slice(0, 98)}\n`);
  }
  await writeFile(`${path}.new`, parts.join(''), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
