import assert from 'node:assert/strict';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

describe('a promotion with helm', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('promote');
    await bed.open();
  });
  after(async () => bed?.dispose());

  it('L-14i installs into an empty namespace and succeeds when the workload runs the image', async () => {
    const promotion = await bed.promote('development', 'v2.0.0');
    assert.equal(promotion.state, 'succeeded', promotion.reason);
    assert.deepEqual(
      (await bed.history('development')).map(({ revision, status }) => [revision, status]),
      [[1, 'deployed']],
    );
  });

  it("L-14b plans the document's own words first, what Slipway adds marked, then helm status", async () => {
    const plan = await bed.plan('development', 'v2.1.0');
    const [upgrade, status] = plan.steps;
    const documented = upgrade?.command?.args.filter(argument => !argument.added).map(({ text }) => text);
    assert.deepEqual(documented, [
      'upgrade',
      'kosmos',
      './charts/kosmos',
      '--namespace',
      bed.namespaces.development,
      '--values',
      'values-development.yaml',
      '--set',
      'image.tag=v2.1.0',
      '--wait',
      '--timeout',
      '10m',
    ]);
    assert.deepEqual(
      status?.command?.args.map(({ text }) => text),
      ['status', 'kosmos', '-n', bed.namespaces.development],
    );
  });

  it('L-14c shows images old and new and the commits between', async () => {
    const plan = await bed.plan('development', 'v2.1.0');
    assert.equal(plan.images[0]?.before, 'kosmos/agent:v2.0.0');
    assert.equal(plan.images[0]?.after, 'kosmos/agent:v2.1.0');
    assert.equal(plan.commits.direction, 'forward');
    assert.ok(plan.commits.total >= 3);
    assert.ok(plan.commits.commits.every(commit => commit.author && commit.subject));
  });

  it('L-18a holds staging back until development runs the release', async () => {
    const plan = await bed.plan('staging', 'v2.1.0');
    assert.equal(plan.gates.find(gate => gate.kind === 'order')?.state, 'hold');
    await assert.rejects(
      bed.client.request('promotion.start', {
        planId: plan.id,
        planDigest: plan.digest,
        confirmation: 'staging',
      }),
      /development/,
    );
    assert.deepEqual(await bed.history('staging'), []);
  });
});
