import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { PlanTextName } from '../../daemon/promotion/planContext.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import { start } from '../../sandbox/promoteOnce.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';
import { listLineChanges } from './textDiff.ts';

describe('the plan of a promotion', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('plan');
    await bed.open();
    const { state, reason } = await bed.promote('development', 'v2.0.0');
    assert.equal(state, 'succeeded', reason);
  });
  after(async () => bed?.dispose());

  const read = async (plan: Plan, text: PlanTextName) =>
    (await bed.client.request('plan.readText', { planId: plan.id, text })).text;
  const kubectl = (...args: string[]) => bed.cluster.kubectl([...args, '-n', bed.namespaces.development]);

  /** What v2.1.0 changes in development: the image, the label of the version, and the queue's password. */
  const masked = /^[-+] QUEUE_PASSWORD: •••• \([0-9a-f]{8}\)$/;
  const checksum = /^[-+] checksum\/secret: [0-9a-f]{64}$/;
  const isExpected = (line: string) =>
    masked.test(line) ||
    checksum.test(line) ||
    /^[-+] (?:app\.kubernetes\.io\/version|image): (?:kosmos\/agent:)?v2\.[01]\.0$/.test(line);
  function requireExpectedChanges(before: string, after: string): void {
    const changes = listLineChanges(before, after);
    assert.deepEqual(
      changes.filter(line => !isExpected(line)),
      [],
    );
    // Twice each, before and after: one image, three labels, one password, one checksum.
    assert.equal(changes.length, 12, changes.join('\n'));
  }

  it("L-14d differs from Helm's stored manifest in just what the release changes", async () => {
    const plan = await bed.plan('development', 'v2.1.0');
    requireExpectedChanges(await read(plan, 'storedManifest'), await read(plan, 'newManifest'));
  });

  it('L-14e differs from the live objects in just what the release changes, object by object', async () => {
    const plan = await bed.plan('development', 'v2.1.0');
    requireExpectedChanges(await read(plan, 'liveObjects'), await read(plan, 'appliedObjects'));
    assert.deepEqual(
      plan.objects.map(({ object, change }) => [object, change]),
      [
        ['apps/v1/Deployment/agent-name', 'change'],
        ['v1/ConfigMap/agent-config', 'same'],
        ['v1/Secret/agent-queue', 'change'],
        ['v1/Service/agent-service', 'change'],
        ['v1/ServiceAccount/agent', 'same'],
      ],
    );
  });

  it("L-14e shows what somebody changed beside Helm, which Helm's own record does not know", async () => {
    await kubectl('annotate', 'service', 'agent-service', 'note=by-hand');
    await kubectl('set', 'image', 'deployment/agent-name', 'agent=kosmos/agent:v2.0.9');
    const plan = await bed.plan('development', 'v2.1.0');
    assert.equal(plan.images[0]?.before, 'kosmos/agent:v2.0.9');
    const changes = listLineChanges(await read(plan, 'liveObjects'), await read(plan, 'appliedObjects'));
    assert.ok(changes.includes('- image: kosmos/agent:v2.0.9'), changes.join('\n'));
    assert.doesNotMatch(await read(plan, 'storedManifest'), /v2\.0\.9|by-hand/);
    assert.match(await read(plan, 'liveObjects'), /note: by-hand/);
  });

  it('L-14f names the field and the manager that a field conflict is with', async () => {
    await kubectl(
      'patch',
      'deployment',
      'agent-name',
      '--field-manager=somebody',
      '--patch',
      '{"spec":{"replicas":4}}',
    );
    const plan = await bed.plan('development', 'v2.1.0');
    const deployment = plan.objects.find(({ object }) => object === 'apps/v1/Deployment/agent-name');
    assert.ok(
      deployment?.conflicts.some(text => /\.spec\.replicas: conflict with "somebody"/.test(text)),
      JSON.stringify(deployment),
    );
    assert.ok(
      plan.warnings.some(text => /conflict with "somebody".* helm will refuse/.test(text)),
      plan.warnings.join('\n'),
    );
    // What the chart asks for is shown all the same.
    assert.ok(
      listLineChanges(await read(plan, 'liveObjects'), await read(plan, 'appliedObjects')).includes(
        '- replicas: 4',
      ),
    );
  });

  it('L-14f is right: helm fails with that very conflict, and the promotion says so', async () => {
    const promotion = await start(bed.client, await bed.plan('development', 'v2.1.0'));
    assert.equal(promotion.state, 'failed');
    assert.match(
      promotion.reason ?? '',
      /Helm may not change .*\.spec\.replicas.* of Deployment agent-name: .*somebody set it and owns it/,
    );
  });

  it('L-14f is right of a release of helm 3, too: helm 4 takes the value away', async () => {
    await forgetApplyMethod(2);
    const plan = await bed.plan('development', 'v2.1.0');
    assert.match(
      plan.warnings.join('\n'),
      /conflict with "somebody".* helm will take the other's value away/,
    );
    const promotion = await start(bed.client, plan);
    assert.equal(promotion.state, 'succeeded', promotion.reason);
    const replicas = ['get', 'deployment', 'agent-name', '-o', 'jsonpath={.spec.replicas}'];
    assert.equal(await kubectl(...replicas), '1');
  });

  /** Makes Helm's record of a revision what helm 3 writes: it says nothing of how it was applied. */
  async function forgetApplyMethod(revision: number): Promise<void> {
    const secret = ['secret', `sh.helm.release.v1.kosmos.v${revision}`];
    const packed = await kubectl('get', ...secret, '-o', 'go-template={{.data.release | base64decode}}');
    const { apply_method, ...record } = JSON.parse(
      gunzipSync(Buffer.from(packed, 'base64')).toString('utf8'),
    ) as { apply_method?: string };
    assert.equal(apply_method, 'ssa');
    const release = Buffer.from(gzipSync(JSON.stringify(record)).toString('base64')).toString('base64');
    await kubectl('patch', ...secret, '--type=merge', '--patch', JSON.stringify({ data: { release } }));
  }

  it('L-14h takes chart and values from the commit of the release, whatever the working tree holds', async () => {
    const clean = await bed.plan('development', 'v2.1.0');
    const cleanText = await read(clean, 'newManifest');
    const change = async (file: string, edit: (text: string) => string) => {
      const path = join(bed.repositoryFolder, file);
      await writeFile(path, edit(await readFile(path, 'utf8')));
    };
    await change('charts/kosmos/templates/configmap.yaml', text => `${text}  DIRTY: "yes"\n`);
    await change('values-development.yaml', text => text.replace('replicas: 1', 'replicas: 9'));
    try {
      const dirty = await bed.plan('development', 'v2.1.0');
      assert.equal(dirty.digest, clean.digest);
      const hidden = /•••• \([0-9a-f]{8}\)/g;
      assert.equal((await read(dirty, 'newManifest')).replace(hidden, ''), cleanText.replace(hidden, ''));
    } finally {
      await bed.git('checkout', '--quiet', '--', 'charts', 'values-development.yaml');
    }
  });
});
