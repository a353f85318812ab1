import assert from 'node:assert/strict';
import type { WorkloadStatus } from '../../../daemon/model/rollout.ts';
import type { StepContext, World } from '../../../daemon/steps/step.ts';
import { verifyWorkloads } from '../../../daemon/steps/verifyWorkloads.ts';
import { aClock } from '../../builders/clock.ts';
import { aStep } from '../../builders/plan.ts';

const nightMs = 8 * 60 * 60_000;
const image = 'kosmos/agent:v2.1.0';

/** What one look finds, and how much time has passed when it has ended. */
type Look = {
  readonly health: WorkloadStatus['health'];
  readonly tookMs: number;
  readonly updated?: number;
};

/** Waits through looks, of which the last one is seen again and again; counts them. */
async function waitThrough(looks: readonly Look[], timeoutSeconds: number) {
  const clock = aClock();
  let count = 0;
  let changed = () => {};
  const workloads = async (): Promise<readonly WorkloadStatus[]> => {
    const {
      health,
      tookMs,
      updated = 1,
    } = looks[Math.min(count, looks.length - 1)] ?? assert.fail('no look');
    count += 1;
    clock.pass(tookMs);
    setImmediate(() => changed());
    const numbers = { desired: 1, updated, ready: 1, available: 1 };
    const named = { kind: 'Deployment', name: 'agent-name', uid: 'u' } as const;
    return [{ ...named, ...numbers, images: { agent: image }, health, reason: health, since: '', pods: [] }];
  };
  const world: Partial<World> = {
    workloads,
    causes: () => [],
    onChanged: listener => {
      changed = listener;
      return { dispose() {} };
    },
  };
  const step = aStep({
    kind: 'verifyWorkloads',
    input: { 'deployment/agent-name#agent': image },
    timeoutSeconds,
  });
  const context = { step, world } as Partial<StepContext> as StepContext;
  const limit = AbortSignal.timeout(5_000);
  const inspection = await verifyWorkloads.wait?.(context, limit, clock.now);
  assert.ok(!limit.aborted, 'the clock was not the one that was given');
  const { state, summary = '', facts = {} } = inspection ?? {};
  return { state, summary, facts, looks: count };
}

describe('the time of the verification of workloads', () => {
  const waits: Look = { health: 'progressing', tookMs: 10_000 };
  const fails: Look = { health: 'fail', tookMs: 1_000 };

  it('L-13g is up when it has passed in looks', async () => {
    const { state, summary, looks } = await waitThrough([waits], 60);
    assert.equal(state, 'failed');
    assert.match(summary, /Time is up\.$/);
    assert.equal(looks, 7);
  });

  it('L-13g is not used up by a sleep of the machine', async () => {
    const night: Look = { health: 'progressing', tookMs: nightMs };
    const { state, looks } = await waitThrough([waits, night, waits, { health: 'pass', tookMs: 0 }], 60);
    assert.equal(state, 'done');
    assert.equal(looks, 4);
  });

  it('L-13g lets a failure settle anew after a sleep of the machine', async () => {
    const night: Look = { health: 'fail', tookMs: nightMs };
    const caughtUp: Look = { health: 'pass', tookMs: 0 };
    assert.equal((await waitThrough([fails, night, fails, fails, caughtUp], 60)).state, 'done');
    const stays = await waitThrough([fails, night, fails], 60);
    assert.equal(stays.state, 'failed');
    assert.equal(stays.looks, 8, 'two, and as many as take more than five seconds');
  });

  it('L-13a says of a workload that passes with old pods that it is set to the image, not that it runs it', async () => {
    const passes: Look = { health: 'pass', tookMs: 0 };
    const { state, summary, facts } = await waitThrough([{ ...passes, updated: 0 }], 60);
    assert.equal(state, 'done');
    assert.equal(summary, `deployment/agent-name is set to ${image}: pass.`);
    assert.equal(facts['behind'], summary);
    assert.equal((await waitThrough([passes], 60)).facts['behind'], undefined);
  });

  it('L-21a believes a failure that has stayed for more than five seconds', async () => {
    const { state, looks } = await waitThrough([fails], 60);
    assert.equal(state, 'failed');
    assert.equal(looks, 7);
  });
});
