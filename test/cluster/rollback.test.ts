import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import { SlipwayError } from '../../daemon/protocol/errors.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import { start, waitForEnd } from '../../sandbox/promoteOnce.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { type EnvironmentName, ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

describe('the way back', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('rollback');
    await bed.open();
    for (const version of ['v2.0.0', 'v2.1.0']) {
      const { state, reason } = await bed.promote('development', version);
      assert.equal(state, 'succeeded', reason);
    }
  });
  after(async () => bed?.dispose());

  const planRollback = (environment: EnvironmentName) =>
    bed.client.request('promotion.plan', { repositoryId: bed.repository.id, environment, kind: 'rollback' });
  const statuses = async (environment: EnvironmentName) =>
    (await bed.history(environment)).map(({ revision, status }) => `${revision} ${status}`);
  const argvOf = (plan: Plan) => plan.steps[0]?.command?.args.map(({ text }) => text).join(' ');
  const upgradeArgs = (tag: string, values = 'values-development.yaml') => [
    'upgrade',
    'kosmos',
    './charts/kosmos',
    '--values',
    values,
    '--set',
    `image.tag=${tag}`,
    '--wait',
  ];

  async function look(name: EnvironmentName): Promise<EnvironmentView> {
    const view = await bed.client.request('repository.open', { folder: bed.repositoryFolder });
    return view.environments.find(environment => environment.name === name) ?? assert.fail(name);
  }

  /** Runs helm as somebody else, waits until the API server holds a pending revision, and kills it. */
  async function killHelm(
    environment: EnvironmentName,
    args: readonly string[],
    pending: string,
  ): Promise<void> {
    const { sandbox } = bed.cluster;
    const child = spawn(sandbox.tools.helm, [...args, '--namespace', bed.namespaces[environment]], {
      cwd: bed.repositoryFolder,
      env: { ...process.env, KUBECONFIG: sandbox.kubeconfigPath('bob') },
      stdio: 'ignore',
    });
    const gone = new Promise(resolve => child.on('exit', resolve));
    await waitFor(pending, async () => (await statuses(environment)).at(-1)?.endsWith(pending) === true, {
      limitMs: 20_000,
    });
    child.kill('SIGKILL');
    await gone;
  }

  it("L-17a passes by somebody's failed revisions to the highest good one, with its number in the command", async () => {
    for (const tag of ['v2.2.0', 'v2.2.1-crash']) {
      await assert.rejects(
        bed.helm('development', ...upgradeArgs(tag), '--timeout', '3s'),
        /not ready|deadline/,
      );
    }
    assert.deepEqual(await statuses('development'), ['1 superseded', '2 deployed', '3 failed', '4 failed']);
    const plan = await planRollback('development');
    assert.equal(argvOf(plan), `rollback kosmos 2 -n ${bed.namespaces.development} --timeout 10m`);
    assert.equal(plan.release.version, 'v2.1.0');
    assert.deepEqual(
      plan.images.map(({ before, after }) => [before, after]),
      [['kosmos/agent:v2.2.1-crash', 'kosmos/agent:v2.1.0']],
    );
    assert.match(plan.warnings.join('\n'), /Revision 4 of kosmos is failed: .*; revision 2 was good/);
    const promotion = await start(bed.client, plan);
    assert.equal(promotion.state, 'succeeded', promotion.reason);
    assert.deepEqual((await statuses('development')).slice(-3), ['3 failed', '4 failed', '5 deployed']);
    assert.equal(await bed.readImage('development'), 'kosmos/agent:v2.1.0');
  });

  it('L-17d goes from a good release to the one before that differs, though rows of the same release are nearer', async () => {
    const plan = await planRollback('development');
    assert.equal(argvOf(plan), `rollback kosmos 1 -n ${bed.namespaces.development} --timeout 10m`);
    assert.equal(plan.confirmation, 'modal');
    const promotion = await start(bed.client, plan);
    assert.equal(promotion.state, 'succeeded', promotion.reason);
    assert.equal(await bed.readImage('development'), 'kosmos/agent:v2.0.0');
    // The promotion asks the cluster itself; the tree hears of it by its watches, a moment later.
    await waitFor(
      'the tree to know',
      async () => {
        const [running] = (await look('development')).running;
        return (
          running?.version === 'v2.0.0' && running.helm?.revision === 6 && running.outsideSlipway === false
        );
      },
      { limitMs: 10_000 },
    );
  });

  it('L-17a knows rows that failed though Helm calls them superseded, and fields that kubectl took', async () => {
    const { development: namespace } = bed.namespaces;
    await bed.cluster.kubectl([
      ...['set', 'image', 'deployment/agent-name', 'agent=kosmos/agent:v2.0.9'],
      ...['-n', namespace],
    ]);
    for (const revision of ['5', '5']) {
      await assert.rejects(
        bed.helm('development', 'rollback', 'kosmos', revision, '--wait', '--timeout', '10s'),
        /conflict with "kubectl-set"/,
      );
    }
    // A failed rollback makes the row that it started from superseded, good or not.
    assert.deepEqual((await statuses('development')).slice(-3), ['6 superseded', '7 superseded', '8 failed']);
    const plan = await planRollback('development');
    assert.equal(argvOf(plan), `rollback kosmos 6 -n ${namespace} --timeout 10m --force-conflicts`);
    assert.match(plan.warnings.join('\n'), /conflict with "kubectl-set".*the rollback takes it over/);
    const promotion = await start(bed.client, plan);
    assert.equal(promotion.state, 'succeeded', promotion.reason);
    assert.equal(await bed.readImage('development'), 'kosmos/agent:v2.0.0');
  });

  it('L-17b explains a pending-upgrade that a killed helm left, and repairs it with the word of the person', async () => {
    await killHelm('development', [...upgradeArgs('v2.1.1'), '--timeout', '2m'], 'pending-upgrade');
    await waitFor(
      'the tree to know',
      async () => (await look('development')).pendingRevision?.revision === 10,
      { limitMs: 5_000 },
    );
    const { pendingRevision } = await look('development');
    assert.equal(pendingRevision?.status, 'pending-upgrade');
    const age = Date.now() - Date.parse(pendingRevision?.changedAt ?? '');
    assert.ok(age < 30_000, `it says since ${pendingRevision?.changedAt}`);
    await assert.rejects(bed.plan('development', 'v2.1.0'), (error: unknown) => {
      assert.ok(error instanceof SlipwayError);
      assert.equal(error.code, 'pendingRevision');
      assert.match(
        error.message,
        /revision 10 of kosmos as pending-upgrade since \S+: somebody is running helm there, or a helm was killed/,
      );
      assert.match(error.next, /Roll Back Environment/);
      return true;
    });
    const plan = await planRollback('development');
    assert.match(argvOf(plan) ?? '', /^rollback kosmos 9 /);
    assert.match(plan.warnings.join('\n'), /make sure that nobody runs helm there now/);
    const promotion = await start(bed.client, plan);
    assert.equal(promotion.state, 'succeeded', promotion.reason);
    assert.equal((await statuses('development')).at(-1), '11 deployed');
    await waitFor(
      'nothing to be pending',
      async () => (await look('development')).pendingRevision === undefined,
      { limitMs: 10_000 },
    );
    assert.equal((await bed.plan('development', 'v2.1.0')).release.version, 'v2.1.0');
  });

  it('L-17b does not repair when the helm that seemed dead has ended meanwhile', async () => {
    const upgrade = bed.helm('development', ...upgradeArgs('v2.1.2-neverready'), '--timeout', '12s');
    const ended = assert.rejects(upgrade, /UPGRADE FAILED/);
    await waitFor('pending', async () => (await statuses('development')).at(-1) === '12 pending-upgrade', {
      limitMs: 20_000,
    });
    const plan = await planRollback('development');
    await ended;
    await assert.rejects(
      start(bed.client, plan),
      /newest revision of kosmos was 12 \(pending-upgrade\) and is 12 \(failed\)/,
    );
  });

  it('needs a person when somebody rolled back at the same time, and lets the next plan take the lock over', async function () {
    this.timeout(120_000);
    const hold = await addHold();
    const { promotionId, earlier } = await startHeldRollback();
    await waitFor(
      'our helm to be at work',
      async () => (await statuses('development')).at(-1) === '15 pending-rollback',
      { limitMs: 20_000 },
    );
    const ended = waitForEnd(bed.client, promotionId);
    await bed.helm('development', 'rollback', 'kosmos', '11', '--no-hooks', '--force-conflicts');
    await hold.release();
    const promotion = await ended;
    assert.equal(promotion.state, 'needsPerson', promotion.reason);
    assert.match(
      promotion.reason ?? '',
      /revision 16 of kosmos is (?:deployed|superseded) .*somebody else acted at the same time/,
    );
    const { lock } = await look('development');
    assert.deepEqual([lock?.promotionId, lock?.needsPersonSince], [promotionId, promotion.endedAt]);
    await assert.rejects(start(bed.client, earlier), /Since the plan was read/);
    const plan = await bed.plan('development', 'v2.1.0');
    assert.match(plan.gates.find(({ kind }) => kind === 'lock')?.reason ?? '', /says that you have looked/);
    const next = await start(bed.client, plan);
    assert.equal(next.state, 'succeeded', next.reason);
    assert.equal((await look('development')).lock, undefined);
  });

  /** Gives the chart of the working tree a hook before each rollback that ends when `release` is called. */
  async function addHold(): Promise<{ release(): Promise<void> }> {
    const file = join(bed.repositoryFolder, 'charts', 'kosmos', 'templates', 'hold.yaml');
    await writeFile(
      file,
      `apiVersion: v1
kind: Pod
metadata:
  name: hold
  annotations: {helm.sh/hook: pre-rollback}
spec:
  restartPolicy: Never
  containers: [{name: hold, image: 'kosmos/hold:1-neverready'}]
`,
    );
    return {
      release: async () => {
        const pod = ['pod/hold', '-n', bed.namespaces.development];
        const ended = JSON.stringify({ status: { phase: 'Succeeded' } });
        await bed.cluster.kubectl(['patch', ...pod, '--subresource=status', '--type=merge', '-p', ended]);
        await rm(file);
      },
    };
  }

  /** Makes v2.1.1 the release before, and starts the way back to it; `earlier` is a plan read before all that. */
  async function startHeldRollback(): Promise<{ readonly promotionId: string; readonly earlier: Plan }> {
    await bed.helm('development', ...upgradeArgs('v2.1.1').slice(0, -1), '--force-conflicts');
    await bed.helm('development', ...upgradeArgs('v2.0.4').slice(0, -1), '--force-conflicts');
    const earlier = await bed.plan('development', 'v2.1.0');
    const plan = await planRollback('development');
    assert.match(argvOf(plan) ?? '', /^rollback kosmos 13 /);
    const { promotionId } = await bed.client.request('promotion.start', {
      planId: plan.id,
      planDigest: plan.digest,
      confirmation: '',
    });
    return { promotionId, earlier };
  }

  it('L-17c takes away an installation that a killed helm left, after which a promotion works', async () => {
    const install = [
      'install',
      'kosmos',
      './charts/kosmos',
      '--values',
      'values-staging.yaml',
      '--set',
      'image.tag=v2.1.1',
      '--wait',
    ];
    await killHelm('staging', install, 'pending-install');
    await assert.rejects(bed.plan('staging', 'v2.1.0'), /revision 1 of kosmos as pending-install/);
    const plan = await planRollback('staging');
    assert.equal(argvOf(plan), `uninstall kosmos --namespace ${bed.namespaces.staging} --wait`);
    assert.match(plan.warnings.join('\n'), /no revision was ever good: the release is taken away/);
    assert.deepEqual(
      plan.gates.map(({ kind, state }) => [kind, state]),
      [['lock', 'pass']],
      'the order of environments does not hold the way back',
    );
    const promotion = await start(bed.client, plan);
    assert.equal(promotion.state, 'succeeded', promotion.reason);
    assert.deepEqual(await statuses('staging'), []);
    for (const environment of ['development', 'staging'] as const) {
      const next = await bed.promote(environment, 'v2.1.0');
      assert.equal(next.state, 'succeeded', next.reason);
    }
    assert.deepEqual(await statuses('staging'), ['1 deployed']);
  });
});
