import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { Plan } from '../../daemon/protocol/plan.ts';
import { ensureHelm3 } from '../../sandbox/ensureHelm3.ts';
import { start, waitForEnd } from '../../sandbox/promoteOnce.ts';
import { runCommand } from '../../sandbox/runCommand.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { EnvironmentRecord } from './environmentRecord.ts';
import { buildHelm3Environment } from './helm3Environment.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** Everything that helm does here is done by a real Helm 3: Slipway's work, and that of the other people. */
describe('a team that has Helm 3', () => {
  let bed: PromotionBed;
  let helm: string;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    helm = await ensureHelm3({ onProgress: message => console.log(`    ${message}`) });
    bed = await PromotionBed.create('helm3');
    // The old way of waiting has a flag in Helm 4 that Helm 3 does not know.
    await bed.changeProcedure(text => text.replace('timeout: 10m', 'timeout: 10m\n        wait: legacy'));
    await bed.open(await buildHelm3Environment(bed.cluster));
  });
  after(async () => bed?.dispose());

  const planRollback = () =>
    bed.client.request('promotion.plan', {
      repositoryId: bed.repository.id,
      environment: 'development',
      kind: 'rollback',
    });
  const argvOf = (plan: Plan) => plan.steps[0]?.command?.args.map(({ text }) => text).join(' ') ?? '';
  const statuses = async () =>
    (await bed.history('development')).map(({ revision, status }) => `${revision} ${status}`);

  /** What somebody else's Helm 3 is started with. */
  const others = () => ({
    cwd: bed.repositoryFolder,
    env: { ...process.env, KUBECONFIG: bed.cluster.sandbox.kubeconfigPath('bob') },
  });
  const inNamespace = () => ['--namespace', bed.namespaces.development];
  const upgradeArguments = (tag: string) => [
    ...['upgrade', 'kosmos', './charts/kosmos', '--values', 'values-development.yaml'],
    ...['--set', `image.tag=${tag}`],
  ];

  it('L-14i installs, goes on to the next release and comes back', async () => {
    for (const version of ['v2.0.0', 'v2.1.0']) {
      const { state, reason } = await bed.promote('development', version, plan => {
        assert.match(argvOf(plan), /--wait --timeout 10m/);
      });
      assert.equal(state, 'succeeded', reason);
    }
    const { state, reason } = await start(bed.client, await planRollback());
    assert.equal(state, 'succeeded', reason);
    assert.equal(await bed.readImage('development'), 'kosmos/agent:v2.0.0');
    assert.deepEqual(await statuses(), ['1 superseded', '2 superseded', '3 deployed']);
  });

  it('L-14d takes the fields that somebody else has set, as its plan says', async () => {
    const { development: namespace } = bed.namespaces;
    await bed.cluster.kubectl([
      ...['set', 'image', 'deployment/agent-name', 'agent=kosmos/agent:v2.0.9'],
      ...['-n', namespace],
    ]);
    const plan = await bed.plan('development', 'v2.1.0');
    assert.match(plan.warnings.join('\n'), /"kubectl-set".*helm will take the other's value away/);
    const { state, reason } = await start(bed.client, plan);
    assert.equal(state, 'succeeded', reason);
    assert.equal(await bed.readImage('development'), 'kosmos/agent:v2.1.0');
  });

  it('L-16a shows why a release fails while helm still waits, and can be cancelled', async () => {
    const record = new EnvironmentRecord(bed.client, 'development');
    const plan = await bed.plan('development', 'v2.2.0');
    const ended = waitForEnd(bed.client, plan.id);
    await bed.client.request('promotion.start', {
      planId: plan.id,
      planDigest: plan.digest,
      confirmation: '',
    });
    await record.waitFor(
      'the cause with its log lines',
      ({ causes }) =>
        causes.some(
          cause => cause.reason === 'CrashLoopBackOff' && cause.logLines.some(line => line.includes('FATAL')),
        ),
      60_000,
    );
    await bed.client.request('promotion.cancel', { promotionId: plan.id });
    const promotion = await ended;
    record.dispose();
    assert.equal(promotion.state, 'cancelled', promotion.reason);
    assert.equal((await statuses()).at(-1), '5 failed');
  });

  it('L-17b repairs what a killed helm left pending', async () => {
    const child = spawn(helm, [...upgradeArguments('v2.1.1'), '--wait', ...inNamespace()], {
      ...others(),
      stdio: 'ignore',
    });
    const gone = new Promise(resolve => child.on('exit', resolve));
    await waitFor('pending', async () => (await statuses()).at(-1) === '6 pending-upgrade', {
      limitMs: 20_000,
    });
    child.kill('SIGKILL');
    await gone;
    await assert.rejects(bed.plan('development', 'v2.1.0'), { code: 'pendingRevision' });
    const plan = await planRollback();
    assert.match(argvOf(plan), /^rollback kosmos 4 /);
    const { state, reason } = await start(bed.client, plan);
    assert.equal(state, 'succeeded', reason);
    assert.equal((await statuses()).at(-1), '7 deployed');
    assert.equal(await bed.readImage('development'), 'kosmos/agent:v2.1.0');
  });

  it('goes on where Helm 4 has applied on the server, and comes back from what others did', async () => {
    await bed.helm('development', ...upgradeArguments('v2.0.4'), '--server-side=true', '--force-conflicts');
    const { state, reason } = await bed.promote('development', 'v2.1.0');
    assert.equal(state, 'succeeded', reason);
    await runCommand(helm, [...upgradeArguments('v2.0.5'), ...inNamespace()], others());
    const back = await start(bed.client, await planRollback());
    assert.equal(back.state, 'succeeded', back.reason);
    assert.equal(await bed.readImage('development'), 'kosmos/agent:v2.1.0');
  });
});
