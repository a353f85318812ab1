import assert from 'node:assert/strict';
import type { Promotion } from '../../../daemon/model/promotion.ts';
import { reducePromotion } from '../../../daemon/model/promotion.ts';
import type { HelmRevision, WorkloadStatus } from '../../../daemon/model/rollout.ts';
import { listMaybeGood, saysItFailed } from '../../../daemon/steps/helmHistory.ts';
import type { World } from '../../../daemon/steps/step.ts';
import { stepKinds } from '../../../daemon/steps/stepKinds.ts';
import { aPlan, aStep } from '../../builders/plan.ts';

const row = (revision: number, status: string, promotionId?: string): HelmRevision => ({
  release: 'kosmos',
  namespace: 'kosmos',
  revision,
  status,
  changedAt: '2026-01-01T00:00:00.000Z',
  ...(promotionId ? { promotionId } : {}),
});

function aWorld(values: {
  rows?: HelmRevision[];
  descriptions?: Record<number, string>;
  workloads?: WorkloadStatus[];
}): World {
  return {
    revisions: async () => values.rows ?? [],
    describeRevision: async (_release, revision) => values.descriptions?.[revision] ?? '',
    workloads: async () => values.workloads ?? [],
    beginWorkloads: () => {},
    causes: () => [],
    onChanged: () => ({ dispose() {} }),
  };
}

const promotion: Promotion = reducePromotion(undefined, {
  promotionId: 'p-1',
  time: '2026-01-01T00:00:00.000Z',
  event: { type: 'promotion.requested', plan: aPlan(), person: 'alice' },
});

describe('the look of helm upgrade at the real world', () => {
  const step = aStep({
    input: { release: 'kosmos', namespace: 'kosmos', baseRevision: '1', goodRevision: '1' },
  });
  const look = (rows: HelmRevision[], descriptions = {}) =>
    stepKinds.helmUpgrade.inspect({ promotion, step, world: aWorld({ rows, descriptions }) });

  it('says notDone when no revision carries the label', async () => {
    assert.equal((await look([row(1, 'deployed')])).state, 'notDone');
  });

  it('says done when our revision is deployed', async () => {
    assert.equal((await look([row(1, 'superseded'), row(2, 'deployed', 'p-1')])).state, 'done');
  });

  it('does not take a stranger that inherited our label for ours', async () => {
    const inspection = await look(
      [row(1, 'superseded'), row(2, 'failed', 'p-1'), row(3, 'deployed', 'p-1')],
      {
        2: 'context canceled',
      },
    );
    assert.equal(inspection.state, 'failed');
    assert.match(inspection.summary, /revision 2 .* context canceled\.$/);
  });

  it('says partial when Helm still holds it as pending', async () => {
    assert.equal((await look([row(1, 'deployed'), row(2, 'pending-upgrade', 'p-1')])).state, 'partial');
  });

  it('repairs a pending upgrade by going back to the good revision', async () => {
    const inspection = await look([row(1, 'deployed'), row(2, 'pending-upgrade', 'p-1')]);
    const world = aWorld({});
    const repair = stepKinds.helmUpgrade.buildCompensation?.({ promotion, step, world }, inspection);
    assert.deepEqual(
      repair?.command?.args.map(argument => argument.text),
      ['rollback', 'kosmos', '1', '--namespace', 'kosmos'],
    );
  });

  it('repairs a first installation by taking it away', () => {
    const first = aStep({
      input: { release: 'kosmos', namespace: 'kosmos', baseRevision: '0', goodRevision: '' },
    });
    const inspection = { state: 'partial', summary: '', facts: { revision: '1' } } as const;
    const repair = stepKinds.helmUpgrade.buildCompensation?.(
      { promotion, step: first, world: aWorld({}) },
      inspection,
    );
    assert.equal(repair?.kind, 'helmUninstall');
  });
});

describe('the look of helm rollback at the real world', () => {
  const step = aStep({
    kind: 'helmRollback',
    input: { release: 'kosmos', namespace: 'kosmos', baseRevision: '3', toRevision: '1' },
  });
  const look = (rows: HelmRevision[], descriptions = {}) =>
    stepKinds.helmRollback.inspect({ promotion, step, world: aWorld({ rows, descriptions }) });

  it('says done when the next revision is the rollback', async () => {
    assert.equal(
      (await look([row(3, 'superseded'), row(4, 'deployed')], { 4: 'Rollback to 1' })).state,
      'done',
    );
  });

  it('says unknown when somebody else wrote the next revision', async () => {
    assert.equal(
      (await look([row(3, 'superseded'), row(4, 'deployed')], { 4: 'Upgrade complete' })).state,
      'unknown',
    );
  });

  it('says failed when it is the rollback itself that failed, though Helm then names no revision', async () => {
    const rows = [row(3, 'superseded'), row(4, 'failed')];
    for (const failure of ['Rollback "kosmos" failed: conflict', 'Release "kosmos" failed: not ready']) {
      assert.equal((await look(rows, { 4: failure })).state, 'failed');
    }
    assert.equal((await look(rows, { 4: 'Upgrade "kosmos" failed: not ready' })).state, 'unknown');
  });

  it('says notDone when nothing came after', async () => {
    assert.equal((await look([row(3, 'deployed')])).state, 'notDone');
  });
});

describe('the good revisions', () => {
  it('L-17a are those that were deployed or superseded, highest first, never a failed or pending one', () => {
    const rows = [
      row(4, 'superseded'),
      row(5, 'superseded'),
      row(6, 'failed'),
      row(7, 'pending-upgrade'),
      row(8, 'failed'),
    ];
    assert.deepEqual(
      listMaybeGood(rows, 8).map(({ revision }) => revision),
      [5, 4],
    );
  });

  it('are none where only failures came before', () => {
    assert.deepEqual(listMaybeGood([row(1, 'failed'), row(2, 'failed')], 2), []);
  });

  it('L-17a are not those of which Helm wrote that they failed, whatever their status says now', () => {
    const failed = [
      'Upgrade "kosmos" failed: context canceled',
      'Rollback "kosmos" failed: conflict occurred while applying object kosmos/agent-name',
      'Release "kosmos" failed: resource not ready',
      'Preparing upgrade',
      'Initial install underway',
    ];
    const good = ['Install complete', 'Upgrade complete', 'Rollback to 2', 'Ticket 17: it failed: before'];
    assert.deepEqual(
      [...failed, ...good].filter(text => saysItFailed(text)),
      failed,
    );
  });
});

describe('the verification of workloads', () => {
  const step = aStep({
    kind: 'verifyWorkloads',
    input: { 'deployment/agent-name#agent': 'kosmos/agent:v2.1.0' },
  });
  const workload = (image: string, health: WorkloadStatus['health']): WorkloadStatus => ({
    kind: 'Deployment',
    name: 'agent-name',
    uid: 'u',
    images: { agent: image },
    desired: 3,
    updated: 3,
    ready: 3,
    available: 3,
    health,
    reason: '3 of 3 replicas are available',
    since: '2026-01-01T00:00:00.000Z',
    pods: [],
  });
  const look = (...workloads: WorkloadStatus[]) =>
    stepKinds.verifyWorkloads.inspect({ promotion, step, world: aWorld({ workloads }) });

  it('says done when the planned image runs healthily', async () => {
    assert.equal((await look(workload('kosmos/agent:v2.1.0', 'pass'))).state, 'done');
  });

  it('says done when the planned image is written with the registry that it has anyway', async () => {
    assert.equal((await look(workload('docker.io/kosmos/agent:v2.1.0', 'pass'))).state, 'done');
  });

  it('says failed when another image runs', async () => {
    assert.match(
      (await look(workload('kosmos/agent:v2.0.0', 'pass'))).summary,
      /runs kosmos\/agent:v2\.0\.0, not/,
    );
  });

  /** Waits on a clock of its own; each look sees the next health, and the last one stays. */
  async function waitThrough(healths: WorkloadStatus['health'][]): Promise<[string, number]> {
    const looks = [...healths];
    let changed = () => {};
    const world: World = {
      ...aWorld({}),
      workloads: async () => {
        const health = looks.length > 1 ? looks.shift() : looks[0];
        setImmediate(() => changed());
        return [workload('kosmos/agent:v2.1.0', health ?? 'unknown')];
      },
      onChanged: listener => {
        changed = listener;
        return { dispose() {} };
      },
    };
    const begun = Date.now();
    const { signal } = new AbortController();
    const inspection = await stepKinds.verifyWorkloads.wait?.({ promotion, step, world }, signal);
    return [inspection?.state ?? '', Date.now() - begun];
  }

  it('L-21a goes on when a failure was over at the next look', async () => {
    assert.deepEqual((await waitThrough(['progressing', 'fail', 'progressing', 'pass']))[0], 'done');
  });

  it('L-21a believes a failure that stays', async () => {
    const [state, took] = await waitThrough(['fail']);
    assert.equal(state, 'failed');
    assert.ok(took >= 5_000, `${took} ms`);
  });

  it('never takes unknown health for good', async () => {
    assert.equal((await look(workload('kosmos/agent:v2.1.0', 'unknown'))).state, 'running');
  });
});
