import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseProcedure } from '../../daemon/sources/procedure/parseProcedure.ts';
import { runCommand } from '../../sandbox/runCommand.ts';
import { createSampleRepository, type SampleRepository } from '../../sandbox/sampleRepository.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { clusterStartMs, type SharedCluster, sharedCluster } from './sharedCluster.ts';

const quiet = (): void => {};
const clusterId = '0b9f1c1e-6d1c-4c8e-9a53-2f1f4f0a7c11';
const otherId = '7c2d8a90-2a44-4a3b-8f0e-5d9f5c3e1b22';
const tags = ['v2.0.0', 'v2.1.0', 'v2.1.1', 'v2.2.0'];

let folder: string;
let repository: SampleRepository;

const git = (...args: string[]): Promise<string> => runCommand('git', args, { cwd: repository.directory });

describe('The sample repository', function () {
  this.timeout(30_000);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-sample-'));
    repository = await createSampleRepository({
      into: join(folder, 'kosmos'),
      clusterId: clusterId,
      onProgress: quiet,
    });
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('L-05a is on a clean main with four annotated tags, all of it in its origin', async () => {
    assert.equal(await git('status', '--porcelain', '--branch'), '## main...origin/main');
    const kinds = await git('for-each-ref', 'refs/tags', '--format=%(refname:short) %(objecttype)');
    assert.deepEqual(
      kinds.split('\n'),
      tags.map(tag => `${tag} tag`),
    );
    const remote = await git('ls-remote', repository.origin);
    const local = await git('show-ref', '--heads', '--tags');
    for (const line of local.split('\n')) {
      assert.ok(remote.includes(line.replace(' ', '\t')), `origin has ${line}`);
    }
    assert.equal(
      await runCommand('git', ['rev-parse', '--is-bare-repository'], { cwd: repository.origin }),
      'true',
    );
  });

  it('L-05a has commits of several people between the tags, at dates that do not change', async () => {
    for (const [from, to, least] of [
      ['v2.0.0', 'v2.1.0', 5],
      ['v2.1.0', 'v2.1.1', 3],
      ['v2.1.1', 'v2.2.0', 4],
    ] as const) {
      const subjects = (await git('log', '--format=%s', `${from}..${to}`)).split('\n');
      assert.ok(subjects.length >= least, `${subjects.length} commits from ${from} to ${to}`);
      assert.equal(subjects[0], `Release ${to}`);
    }
    assert.equal(new Set((await git('log', '--format=%an')).split('\n')).size, 4);
    const again = await createSampleRepository({
      into: join(folder, 'twin'),
      clusterId: clusterId,
      onProgress: quiet,
    });
    const head = await runCommand('git', ['rev-parse', 'HEAD'], { cwd: again.directory });
    assert.equal(head, await git('rev-parse', 'HEAD'));
  });

  it('L-05a keeps what its user did, and refuses to serve another cluster', async () => {
    const options = { into: repository.directory, onProgress: quiet };
    await appendFile(join(repository.directory, 'README.md'), 'mine\n');
    const again = await createSampleRepository({ ...options, clusterId: clusterId });
    assert.equal(again.created, false);
    assert.match(await readFile(join(repository.directory, 'README.md'), 'utf8'), /mine\n$/);
    await git('checkout', '--quiet', 'README.md');
    await assert.rejects(
      createSampleRepository({ ...options, clusterId: otherId }),
      new RegExp(`does not name this cluster \\(${otherId}\\)`),
    );
  });

  it('L-05c has a slipway.yaml at every tag that parses, names the cluster, and has no gate that cannot be checked', async () => {
    for (const tag of tags) {
      const { procedure, diagnostics } = parseProcedure(await git('show', `${tag}:slipway.yaml`));
      assert.deepEqual(diagnostics, [], tag);
      assert.ok(procedure);
      assert.deepEqual(
        procedure.environments.map(({ name, cluster }) => [name, cluster?.id, cluster?.namespace]),
        [
          ['development', clusterId, 'kosmos-development'],
          ['staging', clusterId, 'kosmos-staging'],
          ['production', clusterId, 'kosmos'],
        ],
      );
    }
  });

  it('L-05c has the procedures for people that slipway.yaml names', async () => {
    const document = await readFile(join(repository.directory, 'docs/deployment-procedures.md'), 'utf8');
    assert.match(document, /## Rollback Procedures/);
    assert.match(await git('show', 'v2.1.0:docs/rollback.md'), /helm history kosmos/);
  });

  describe('deployed to a cluster', function () {
    this.timeout(180_000);
    let cluster: SharedCluster;
    let upgrades: { slow: Promise<string>; crash: Promise<string> };
    let slow: string;
    let crash: string;
    let began: number;

    const upgrade = async (tag: string, namespace: string, values: string): Promise<string> => {
      const tree = join(folder, `${tag}-${namespace}`);
      await git('worktree', 'add', '--quiet', '--detach', tree, tag);
      const args = ['upgrade', '--install', 'kosmos', './charts/kosmos', '--namespace', namespace];
      return cluster.helm(
        [
          ...args,
          '--values',
          values,
          '--set',
          `image.tag=${tag}`,
          '--wait',
          '--timeout',
          '2m',
          '--output',
          'json',
        ],
        { person: 'alice', cwd: tree, limitMs: 150_000 },
      );
    };

    before(async function () {
      this.timeout(clusterStartMs);
      cluster = await sharedCluster();
      [slow, crash] = [await cluster.namespace('slow'), await cluster.namespace('crash')];
      await upgrade('v2.1.0', slow, 'values-production.yaml');
      await upgrade('v2.1.0', crash, 'values-development.yaml');
      began = performance.now();
      upgrades = {
        slow: upgrade('v2.1.1', slow, 'values-production.yaml'),
        crash: upgrade('v2.2.0', crash, 'values-development.yaml'),
      };
      // Looked at by the tests below; a rejection before that must not end the run.
      upgrades.crash.catch(quiet);
      upgrades.slow.catch(quiet);
    });

    it('L-05b v2.2.0 crashes with the cause in its log', async () => {
      let pod = '';
      await waitFor(
        'a pod in CrashLoopBackOff',
        async () => {
          const pods = await cluster.kubectl(['get', 'pods', '-n', crash, '--no-headers'], {
            person: 'alice',
          });
          pod = /^(\S+).*CrashLoopBackOff/m.exec(pods)?.[1] ?? '';
          return pod !== '';
        },
        { limitMs: 60_000 },
      );
      const log = await cluster.kubectl(['logs', pod, '-n', crash], { person: 'alice' });
      assert.match(log, /starting, image kosmos\/agent:v2\.2\.0/);
      assert.match(log, /FATAL config: DATABASE_POOL_SIZE must be a number, got "ten"\n.*Error/);
      // The log says what the release's own code and chart do, line numbers included.
      const place = /at parseNumber \(file:\/\/\/app\/(\S+):(\d+):/.exec(log);
      const source = (await git('show', `v2.2.0:${place?.[1]}`)).split('\n');
      assert.match(source[Number(place?.[2]) - 1] ?? '', /throw new Error/);
      assert.match(await git('show', 'v2.2.0:charts/kosmos/values.yaml'), /databasePoolSize: ten/);
    });

    it('L-05b v2.2.0 fails for real when its Deployment misses the progress deadline, and the old pod stays', async () => {
      await assert.rejects(upgrades.crash, /UPGRADE FAILED: .*Progress deadline exceeded/);
      const pods = await cluster.kubectl([
        'get',
        'pods',
        '-n',
        crash,
        '-o',
        'jsonpath={.items[*].spec.containers[0].image}',
      ]);
      assert.deepEqual(pods.split(' ').toSorted(), ['kosmos/agent:v2.1.0', 'kosmos/agent:v2.2.0']);
    });

    it('L-05b v2.1.1 takes long enough to watch in production, and arrives', async () => {
      const release = JSON.parse(await upgrades.slow) as { info: { status: string } };
      const seconds = (performance.now() - began) / 1000;
      assert.equal(release.info.status, 'deployed');
      assert.ok(seconds > 36, `three pods, one after the other, took ${seconds} s`);
      const images = await cluster.kubectl([
        'get',
        'deployment',
        'agent-name',
        '-n',
        slow,
        '-o',
        'jsonpath={.status.readyReplicas} {.spec.template.spec.containers[0].image}',
      ]);
      assert.equal(images, '3 kosmos/agent:v2.1.1');
    });
  });
});
