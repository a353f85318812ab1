import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { waitFor } from '../../sandbox/waitFor.ts';
import { LogBed, type LogEntry } from './logBed.ts';
import { writeTime } from './podLogWriter.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** What is left when the sandbox's own chatter is taken out. */
const mine = (entries: readonly LogEntry[]) =>
  entries.filter(({ kind, text }) => kind !== 'L' || text.startsWith('#'));
const describeEntry = ({ kind, text }: LogEntry) => (kind === 'L' ? text : kind);

describe('The log of a workload', function () {
  this.timeout(120_000);
  let bed: LogBed;
  let pod: string;

  before(async function () {
    this.timeout(clusterStartMs);
    bed = await LogBed.create('gaps', 1);
  });
  after(async () => bed?.dispose());

  beforeEach(async () => {
    [pod = ''] = await bed.pods(1);
  });

  const say = (...texts: string[]) =>
    bed
      .writer(pod)
      .append(texts.map((text, index) => ({ time: writeTime(Date.now(), index), text: `#${text}` })));
  const waitForText = (logId: string, text: string) =>
    waitFor(`"${text}"`, () => bed.hasText(logId, `#${text}`), { limitMs: 30_000 });
  /** Nothing that was written before, everything from here on. */
  const openAtEnd = async () => {
    const view = await bed.open({ tailLines: 0 });
    await waitFor('the log to be live', async () => (await bed.view(view.logId)).state === 'live', {
      limitMs: 20_000,
    });
    return view;
  };
  const readMine = async (logId: string) => mine(await bed.read(logId));

  it('P-06d shows what was rotated away in a cut as a gap, with its span of time', async () => {
    const view = await bed.open();
    const before = Date.now();
    await say('rotate 1');
    await waitForText(view.logId, 'rotate 1');
    bed.proxy.refuse(true);
    bed.proxy.cut();
    await say('rotate 2 is never seen');
    await wait(1_200);
    await bed.writer(pod).rotate();
    await say('rotate 3');
    const after = Date.now();
    bed.proxy.refuse(false);
    await waitForText(view.logId, 'rotate 3');
    const entries = (await readMine(view.logId)).filter(({ text }) => !text.includes('joined'));
    const at = entries.findIndex(({ text }) => text === '#rotate 1');
    assert.deepEqual(entries.slice(at).map(describeEntry), ['#rotate 1', 'G', '#rotate 3']);
    const gap = entries[at + 1];
    const [, from = '', until = ''] = /from (\S+) to (\S+) \(/.exec(gap?.text ?? '') ?? [];
    assert.match(gap?.text ?? '', /may be missing: the log was rotated while the connection was cut/);
    for (const time of [from, until]) {
      const milliseconds = Date.parse(time);
      assert.ok(milliseconds >= before - 5 && milliseconds <= after + 5, gap?.text);
    }
    assert.ok(Date.parse(until) - Date.parse(from) >= 1_000, gap?.text);
    assert.equal((await bed.view(view.logId)).gaps, 1);
    await bed.client.request('log.close', { logId: view.logId });
  });

  it('P-06f shows no gap for a log that is rotated while it is connected', async () => {
    const view = await openAtEnd();
    await say('whole 1');
    await waitForText(view.logId, 'whole 1');
    await bed.writer(pod).rotate();
    await say('whole 2');
    await waitForText(view.logId, 'whole 2');
    assert.deepEqual((await readMine(view.logId)).map(describeEntry), ['#whole 1', '#whole 2']);
    await bed.client.request('log.close', { logId: view.logId });
  });

  it('P-06c P-06g reads what the run before a restart wrote while nobody read, its last line without an end included, and then the new run', async () => {
    await bed.nameRun(pod, { id: 'containerd://1', restarts: 0 });
    const view = await openAtEnd();
    await say('run 1, line 1');
    await waitForText(view.logId, 'run 1, line 1');
    bed.proxy.refuse(true);
    bed.proxy.cut();
    await say('run 1, line 2');
    await bed
      .writer(pod)
      .append([{ time: writeTime(Date.now()), text: '#run 1, the end', unfinished: true }]);
    await bed.writer(pod).turnOver();
    await say('run 2, line 1');
    await bed.nameRun(pod, { id: 'containerd://2', restarts: 1, before: 'containerd://1' });
    bed.proxy.refuse(false);
    await waitForText(view.logId, 'run 2, line 1');
    await say('run 2, line 2');
    await waitForText(view.logId, 'run 2, line 2');
    assert.deepEqual((await readMine(view.logId)).map(describeEntry), [
      '#run 1, line 1',
      '#run 1, line 2',
      '#run 1, the end',
      'N',
      '#run 2, line 1',
      '#run 2, line 2',
    ]);
    await bed.client.request('log.close', { logId: view.logId });
  });

  it('P-06c finds a restart that the cluster has not told yet', async () => {
    await bed.nameRun(pod, { id: 'containerd://10', restarts: 1, before: 'containerd://9' });
    const view = await openAtEnd();
    await say('untold 1');
    await waitForText(view.logId, 'untold 1');
    bed.proxy.refuse(true);
    bed.proxy.cut();
    await say('untold 2');
    await bed.writer(pod).turnOver();
    await say('untold 3');
    bed.proxy.refuse(false);
    await waitForText(view.logId, 'untold 3');
    await bed.nameRun(pod, { id: 'containerd://11', restarts: 2, before: 'containerd://10' });
    await wait(1_000);
    bed.proxy.cut();
    await say('untold 4');
    await waitForText(view.logId, 'untold 4');
    assert.deepEqual((await readMine(view.logId)).map(describeEntry), [
      '#untold 1',
      '#untold 2',
      'N',
      '#untold 3',
      '#untold 4',
    ]);
    await bed.client.request('log.close', { logId: view.logId });
  });

  it('P-06h says which time is missing when a container was restarted more than once meanwhile', async () => {
    await bed.nameRun(pod, { id: 'containerd://20', restarts: 4 });
    const view = await openAtEnd();
    await say('often 1');
    await waitForText(view.logId, 'often 1');
    bed.proxy.refuse(true);
    bed.proxy.cut();
    await say('often 2 is never seen');
    await bed.writer(pod).turnOver();
    await say('often 3');
    await bed.writer(pod).turnOver();
    await say('often 4');
    await bed.nameRun(pod, { id: 'containerd://22', restarts: 6, before: 'containerd://21' });
    bed.proxy.refuse(false);
    await waitForText(view.logId, 'often 4');
    const entries = await readMine(view.logId);
    assert.deepEqual(entries.map(describeEntry), ['#often 1', 'G', 'N', '#often 3', 'N', '#often 4']);
    assert.match(entries[1]?.text ?? '', /are missing: the container restarted more than once meanwhile/);
    await bed.client.request('log.close', { logId: view.logId });
  });

  it('P-06h reads the run before the last restart alone, when that is asked for', async () => {
    await say('previous 1', 'previous 2');
    await bed.writer(pod).turnOver();
    await say('present 1');
    await bed.nameRun(pod, { id: 'containerd://31', restarts: 7, before: 'containerd://30' });
    const view = await bed.open({ previous: true });
    await waitFor('the end', async () => (await bed.view(view.logId)).state === 'ended', { limitMs: 20_000 });
    const texts = (await readMine(view.logId)).map(describeEntry);
    assert.deepEqual(texts.slice(-2), ['#previous 1', '#previous 2']);
    await bed.client.request('log.close', { logId: view.logId });
  });

  it('P-06e shows a gap with its span for a pod that was deleted before its last line was read', async () => {
    const view = await openAtEnd();
    await say('deleted 1');
    await waitForText(view.logId, 'deleted 1');
    bed.proxy.refuse(true);
    bed.proxy.cut();
    await say('deleted 2 is never seen');
    const name = pod;
    await bed.bed.cluster.kubectl(['delete', 'pod', name, '-n', bed.namespace]);
    [pod = ''] = await bed.pods(1, [name]);
    await say('joined');
    bed.proxy.refuse(false);
    await waitForText(view.logId, 'joined');
    await bed.waitForSource(view.logId, name, 'ended');
    const entries = await readMine(view.logId);
    const gap = entries.find(({ kind }) => kind === 'G');
    assert.match(
      gap?.text ?? '',
      /^Lines from \S+ to \S+ \(.*\) may be missing: the pod was deleted before its last line was read\.$/,
    );
    assert.ok(entries.some(({ kind, text }) => kind === 'N' && text.includes(`Pod ${pod}`)));
    assert.equal((await bed.view(view.logId)).gaps, 1);
    await bed.client.request('log.close', { logId: view.logId });
  });

  it('P-06f shows no gap for a pod whose last line was read, and every line of the one in its place', async () => {
    const view = await openAtEnd();
    await say('last');
    await waitForText(view.logId, 'last');
    const name = pod;
    await bed.bed.cluster.kubectl(['delete', 'pod', name, '-n', bed.namespace]);
    [pod = ''] = await bed.pods(1, [name]);
    await bed.waitForSource(view.logId, name, 'ended');
    await waitFor('its first line', () => bed.hasText(view.logId, 'web starting, image'), {
      limitMs: 20_000,
    });
    assert.equal((await bed.view(view.logId)).gaps, 0);
    await bed.client.request('log.close', { logId: view.logId });
  });
});
