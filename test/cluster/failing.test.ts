import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import { SlipwayError } from '../../daemon/protocol/errors.ts';
import type { NotificationParams } from '../../daemon/protocol/messages.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import { waitForEnd } from '../../sandbox/promoteOnce.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { EnvironmentRecord, type ToldEnvironment } from './environmentRecord.ts';
import { PodStates } from './podStates.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** One run of v2.2.0, which crashes, over v2.1.0; the tests read what was told of it. */
describe('a release that fails while helm waits', () => {
  let bed: PromotionBed;
  let record: EnvironmentRecord;
  let pods: PodStates;
  let plan: Plan;
  let cause: ToldEnvironment;
  let stateAtCause: string | undefined;
  let ended: Promotion;
  /** What a second person heard who made a plan meanwhile. */
  let refusal: unknown;
  const pieces: NotificationParams<'output.appended'>[] = [];

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('failing');
    await bed.open();
    const { state, reason } = await bed.promote('development', 'v2.1.0');
    assert.equal(state, 'succeeded', reason);
    record = new EnvironmentRecord(bed.client, 'development');
    pods = new PodStates(bed.cluster, bed.namespaces.development);
    plan = await bed.plan('development', 'v2.2.0');
    await run();
  });
  after(async () => {
    pods?.dispose();
    record?.dispose();
    await bed?.dispose();
  });

  const hasLog = (environment: EnvironmentView) =>
    environment.causes.some(
      ({ reason, logLines, events }) =>
        reason === 'CrashLoopBackOff' &&
        logLines.some(line => line.includes('FATAL')) &&
        events.some(event => event.startsWith('Warning BackOff')),
    );

  async function run(): Promise<void> {
    const { client } = bed;
    client.onNotification('output.appended', piece => pieces.push(piece));
    const end = waitForEnd(client, plan.id);
    await client.request('promotion.start', { planId: plan.id, planDigest: plan.digest, confirmation: '' });
    const output = { promotionId: plan.id, stepId: 'upgrade-agent' };
    pieces.push({
      ...output,
      offset: 0,
      ...(await client.request('output.follow', { ...output, offset: 0 })),
    });
    cause = await record.waitFor('the cause with its log lines', hasLog, 60_000);
    stateAtCause = (await load()).state;
    refusal = await bed.plan('development', 'v2.1.0').then(
      () => undefined,
      (error: unknown) => error,
    );
    await client.request('promotion.cancel', { promotionId: plan.id });
    ended = await end;
  }

  async function load(): Promise<Promotion> {
    const { promotions } = await bed.client.request('promotion.list', {
      repositoryId: bed.repository.id,
      limit: 5,
    });
    return promotions.find(({ id }) => id === plan.id) ?? assert.fail('it is not listed');
  }

  it('L-15b shows the progress of the workload from watches while helm waits', () => {
    const told = record.told.filter(({ at }) => at <= cause.at).map(({ environment }) => environment);
    const workloads = told.flatMap(({ lock, workloads: all }) => (lock?.promotionId === plan.id ? all : []));
    // Until the controller has seen the change, its figures are of the template before.
    const updating = workloads.filter(
      ({ images, reason }) => images['agent'] === 'kosmos/agent:v2.2.0' && !reason.includes('has not seen'),
    );
    const figures = [
      ...new Set(updating.map(one => `${one.updated}/${one.desired} updated, ${one.available} available`)),
    ];
    // Changes that come within a tenth of a second are told as one, so the first figure may be passed over.
    // The figure in between may be gone before it can be told.
    assert.deepEqual(figures.slice(-1), ['1/1 updated, 1 available']);
    assert.ok(
      figures.every(figure => /^[01]\/1 updated, 1 available$/.test(figure)),
      figures.join(),
    );
    assert.ok(updating.every(({ health }) => health === 'progressing'));
    const states = updating
      .flatMap(one => one.pods.filter(({ current }) => current))
      .map(pod => pod.containers[0]?.state ?? 'no container');
    assert.equal(states.at(-1), 'CrashLoopBackOff');
    assert.ok(
      updating.some(one => one.pods.some(pod => !pod.current && pod.ready)),
      'the old pod is still there',
    );
  });

  it('L-16a tells the cause within 2 s of the pod status that says so, while helm still waits', () => {
    const seen = pods.firstSeen('CrashLoopBackOff') ?? assert.fail('kubectl never saw it');
    const reasonAt =
      record.told.find(({ environment }) => environment.causes.length > 0)?.at ?? assert.fail();
    console.log(
      `      after kubectl saw it: reason ${Math.round(reasonAt - seen)} ms, with events and log ${Math.round(cause.at - seen)} ms`,
    );
    assert.ok(cause.at - seen < 2_000, `told ${cause.at - seen} ms after`);
    assert.equal(stateAtCause, 'running');
    const [found] = cause.environment.causes;
    assert.equal(found?.workload, 'deployment/agent-name');
    assert.match(found?.pod ?? '', /^agent-name-/);
    assert.equal(found?.reason, 'CrashLoopBackOff');
    assert.match(found?.message ?? '', /exit code 1/);
    assert.match(
      found?.logLines.join('\n') ?? '',
      /^FATAL config: DATABASE_POOL_SIZE must be a number, got "ten"$/m,
    );
    assert.match(found?.events.join('\n') ?? '', /^Warning BackOff: /m);
  });

  it('L-18b tells somebody who plans meanwhile who promotes what since when, not that helm was killed', () => {
    assert.ok(refusal instanceof SlipwayError);
    assert.equal(refusal.code, 'locked');
    assert.match(refusal.message, /has been promoting v2\.2\.0 to development since \d{4}-/);
  });

  it('L-15c gives all that helm printed, each byte once, to the end', async () => {
    const step = ended.steps.find(({ id }) => id === 'upgrade-agent');
    await waitFor('the end of the output', async () => pieces.at(-1)?.ended === true, { limitMs: 10_000 });
    pieces.reduce((offset, piece) => {
      assert.equal(piece.offset, offset);
      return piece.nextOffset;
    }, 0);
    const text = pieces.map(piece => piece.text).join('');
    assert.equal(text, await readFile(step?.spool ?? '', 'utf8'));
    assert.match(text, /Error: UPGRADE FAILED: context canceled/);
  });

  it('L-15d ends as cancelled with what the cluster says', async () => {
    assert.equal(ended.state, 'cancelled');
    assert.match(ended.reason ?? '', /revision 2 of kosmos is failed: .*context canceled/);
    assert.match(ended.reason ?? '', /deployment\/agent-name is set to kosmos\/agent:v2\.2\.0/);
    const history = await bed.history('development');
    assert.deepEqual(
      history.map(({ revision, status }) => [revision, status]),
      [
        [1, 'deployed'],
        [2, 'failed'],
      ],
    );
  });
});
