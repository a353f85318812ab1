import assert from 'node:assert/strict';
import { type ErrorCode, SlipwayError } from '../../daemon/protocol/errors.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** A matcher for `assert.rejects`. */
function refused(code: ErrorCode, pattern: RegExp) {
  return (error: unknown) =>
    error instanceof SlipwayError && error.code === code && pattern.test(`${error.message} ${error.next}`);
}

/** Sue is of security: she may look, without Secrets. */
describe('a person without all rights', () => {
  let bed: PromotionBed;
  let foreign: string;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('rights');
    foreign = `${bed.namespaces.staging}-foreign`;
    await bed.cluster.kubectl(['create', 'namespace', foreign]);
    await bed.changeProcedure(text =>
      text.replace(`namespace: ${bed.namespaces.staging}}`, `namespace: ${foreign}}`),
    );
    await bed.helm(
      'development',
      'install',
      'kosmos',
      './charts/kosmos',
      '--values',
      'values-development.yaml',
      '--set',
      'image.tag=v2.0.0',
    );
    await bed.open({ KUBECONFIG: bed.cluster.sandbox.kubeconfigPath('sue') });
  });
  after(async () => bed?.dispose());

  const look = async (name: string) => {
    const view = await bed.client.request('repository.open', { folder: bed.repositoryFolder });
    return view.environments.find(environment => environment.name === name) ?? assert.fail(name);
  };

  it("L-13a sees versions by image where Helm's Secrets are closed to her, and is told what is missing", async () => {
    await waitFor('what runs', async () => (await look('development')).health === 'pass', {
      limitMs: 20_000,
    });
    const { connection, running, notices } = await look('development');
    assert.equal(connection.state, 'live');
    assert.equal(running[0]?.version, 'v2.0.0');
    assert.match(notices.join('\n'), /Helm's record is not shown.* sue may not list secrets in namespace/);
  });

  it('P-09e cannot plan there, and hears which right is missing', async () => {
    await assert.rejects(
      bed.plan('development', 'v2.1.0'),
      refused(
        'forbidden',
        /sue may not list secrets in namespace \S+.*Ask an administrator .* let sue list secrets/,
      ),
    );
  });

  it('P-09e hears which right is missing in a namespace that is closed to her', async () => {
    await waitFor('the refusal', async () => (await look('staging')).connection.state === 'forbidden', {
      limitMs: 20_000,
    });
    const { connection } = await look('staging');
    assert.match(
      connection.reason ?? '',
      new RegExp(`sue may not (?:list|watch) deployments\\.apps in namespace ${foreign}`),
    );
    await assert.rejects(bed.plan('staging', 'v2.1.0'), refused('forbidden', /sue may not list secrets/));
  });

  it('P-09e is told in the plan which rights helm and Slipway need to see whether a rollout is ready', async () => {
    const resources = 'deployments.apps,secrets,services,configmaps,serviceaccounts';
    const role = ['create', 'role', 'writer', '--verb=*', `--resource=${resources}`, '-n', foreign];
    await bed.cluster.kubectl(role);
    const binding = ['create', 'rolebinding', 'writer', '--role=writer', '--user=sue', '-n', foreign];
    await bed.cluster.kubectl(binding);
    const { warnings } = await bed.plan('staging', 'v2.1.0');
    assert.match(
      warnings.join('\n'),
      /sue may not watch pods in namespace .* neither helm nor Slipway can see whether the rollout is ready/,
    );
  });
});
