import assert from 'node:assert/strict';
import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import { type ErrorCode, SlipwayError } from '../../daemon/protocol/errors.ts';
import { EnvironmentRecord } from './environmentRecord.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** A matcher for `assert.rejects`. */
function refused(code: ErrorCode, pattern: RegExp) {
  return (error: unknown) =>
    error instanceof SlipwayError && error.code === code && pattern.test(error.message);
}

describe('what runs where', () => {
  let bed: PromotionBed;
  let record: EnvironmentRecord;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('running');
    await bed.open();
    record = new EnvironmentRecord(bed.client, 'development');
    const { state, reason } = await bed.promote('development', 'v2.0.0');
    assert.equal(state, 'succeeded', reason);
  });
  after(async () => {
    record?.dispose();
    await bed?.dispose();
  });

  const running = (environment: EnvironmentView) => environment.running[0];
  const setImage = (version: string) =>
    bed.cluster.kubectl([
      ...['set', 'image', 'deployment/agent-name', `agent=kosmos/agent:${version}`],
      ...['-n', bed.namespaces.development],
    ]);

  it('L-13a L-13c is told with version by image, revision, since when, and health', async () => {
    const { environment } = await record.waitFor(
      'of a healthy v2.0.0',
      told =>
        running(told)?.version === 'v2.0.0' &&
        told.health === 'pass' &&
        running(told)?.helm?.status === 'deployed',
    );
    const {
      version,
      image,
      helm,
      helmVersion,
      since = '',
      outsideSlipway,
    } = running(environment) ?? assert.fail();
    assert.deepEqual(
      { version, image, revision: helm?.revision, status: helm?.status, helmVersion, outsideSlipway },
      {
        version: 'v2.0.0',
        image: 'kosmos/agent:v2.0.0',
        revision: 1,
        status: 'deployed',
        helmVersion: undefined,
        outsideSlipway: false,
      },
    );
    for (const time of [since, environment.healthSince ?? '']) {
      const age = Date.now() - Date.parse(time);
      assert.ok(age > -2_000 && age < 120_000, `${time} is ${age} ms ago`);
    }
    assert.match(environment.healthReason, /1 of 1 replicas are available/);
  });

  it('L-13d was ours from its first appearance on', () => {
    const told = record.told
      .map(({ environment }) => running(environment))
      .filter(one => one?.helm !== undefined);
    assert.ok(told.length > 0);
    assert.deepEqual(
      told.filter(one => one?.outsideSlipway),
      [],
    );
  });

  it('L-12b compares a release with what runs in an environment', async () => {
    const compare = (version: string, environment: string) =>
      bed.client.request('release.compare', { repositoryId: bed.repository.id, version, environment });
    const running = (await bed.git('rev-parse', 'v2.0.0^{commit}')).trim();
    const { commits, ...forward } = await compare('v2.1.0', 'development');
    assert.deepEqual(forward, { from: running, direction: 'forward', total: 6 });
    assert.deepEqual(
      commits.slice(0, 2).map(({ author, subject }) => [author, subject]),
      [
        ['Alice Adler', 'Release v2.1.0'],
        ['Alice Adler', 'Give production 512Mi of memory'],
      ],
    );
    assert.deepEqual(await compare('v2.0.0', 'development'), {
      from: running,
      direction: 'same',
      commits: [],
      total: 0,
    });
    const first = await compare('v2.1.0', 'staging');
    assert.deepEqual([first.direction, first.from, first.total], ['first', undefined, 8]);
  });

  it("L-13b L-13e is told without a request when somebody sets an image, with Helm's version beside it", async () => {
    const begin = performance.now();
    const changed = record.waitFor('of v2.0.9', told => running(told)?.version === 'v2.0.9');
    await setImage('v2.0.9');
    const sent = performance.now();
    const { at, environment } = await changed;
    console.log(
      `      kubectl began ${Math.round(at - begin)} ms before it was told, and ended ${Math.round(sent - at)} ms after`,
    );
    assert.ok(at - sent < 1_000, `told ${at - sent} ms after kubectl had ended`);
    assert.equal(running(environment)?.helmVersion, 'v2.0.0');
    assert.equal(running(environment)?.helm?.revision, 1);
  });

  it("L-13d is outside Slipway after somebody's helm upgrade, though the revision inherits our label", async () => {
    await bed.helm(
      'development',
      'upgrade',
      'kosmos',
      './charts/kosmos',
      '--reuse-values',
      '--set',
      'image.tag=v2.0.8',
      '--force-conflicts',
    );
    const { environment } = await record.waitFor(
      'of revision 2',
      told => running(told)?.helm?.revision === 2 && running(told)?.version === 'v2.0.8',
    );
    const { helm, outsideSlipway } = running(environment) ?? assert.fail();
    assert.ok(helm?.promotionId?.startsWith('p-'), 'the label is inherited');
    assert.equal(outsideSlipway, true);
  });

  it('L-13d is outside Slipway after somebody uninstalled and installed, though Helm counts from 1 again', async () => {
    await bed.helm('development', 'uninstall', 'kosmos', '--wait');
    await record.waitFor('that nothing runs', told => running(told)?.image === undefined);
    await bed.helm(
      'development',
      'install',
      'kosmos',
      './charts/kosmos',
      '--values',
      'values-development.yaml',
      '--set',
      'image.tag=v2.0.1',
    );
    const { environment } = await record.waitFor(
      'of v2.0.1',
      told => running(told)?.version === 'v2.0.1' && running(told)?.helm !== undefined,
    );
    assert.equal(running(environment)?.helm?.revision, 1);
    assert.equal(running(environment)?.outsideSlipway, true);
  });

  describe('where the way to the cluster is not right', () => {
    const connect = (context: string) =>
      bed.client.request('environment.connect', {
        repositoryId: bed.repository.id,
        environment: 'development',
        context,
      });

    it('P-09c names the contexts file when there is no such context', async () => {
      await assert.rejects(
        connect('kosmos-dev'),
        refused('unknownContext', /no context "kosmos-dev" in .*alice\.yaml/),
      );
    });

    it('P-09d says which cluster answered and which is meant when the id is another one', async () => {
      const { clusterId } = bed.cluster.sandbox;
      const wrong = '00000000-0000-4000-8000-000000000000';
      await bed.changeProcedure(text =>
        text.replace(
          `{id: ${clusterId}, namespace: ${bed.namespaces.development}}`,
          `{id: ${wrong}, namespace: ${bed.namespaces.development}}`,
        ),
      );
      await bed.client.request('release.refresh', { repositoryId: bed.repository.id });
      const names = new RegExp(`leads to the cluster ${clusterId}, not to ${wrong}`);
      await assert.rejects(connect('kosmos-development'), refused('wrongCluster', names));
      const { environment } = await record.waitFor(
        'of the wrong cluster',
        told => told.connection.state === 'wrongCluster',
      );
      assert.match(environment.connection.reason ?? '', names);
      await assert.rejects(bed.plan('development', 'v2.1.0'), refused('wrongCluster', names));
    });
  });
});
