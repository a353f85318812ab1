import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { people } from '../../sandbox/people.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { clusterStartMs, type SharedCluster, sharedCluster } from './sharedCluster.ts';

const chart = join(import.meta.dirname, '../../sandbox/kosmos');

interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: { exitCode: number; reason: string };
}

interface PodStatus {
  phase: string;
  conditions: { type: string; status: string; lastTransitionTime: string }[];
  containerStatuses?: {
    image: string;
    imageID: string;
    ready: boolean;
    restartCount: number;
    state: ContainerState;
    lastState: ContainerState;
  }[];
}

let cluster: SharedCluster;

describe('The sandbox', function () {
  this.timeout(60_000);

  before(async function () {
    this.timeout(clusterStartMs);
    cluster = await sharedCluster();
  });

  it('L-04a runs the versions that its go.mod names', async () => {
    const goMod = await readFile(join(import.meta.dirname, '../../sandbox/tools/go.mod'), 'utf8');
    const named = (module: string): string | undefined => new RegExp(`${module} (v[\\d.]+)`).exec(goMod)?.[1];
    const versions = JSON.parse(await cluster.kubectl(['version', '-o', 'json'])) as {
      clientVersion: { gitVersion: string };
      serverVersion: { gitVersion: string };
    };
    assert.equal(versions.serverVersion.gitVersion, named('k8s.io/kubernetes'));
    assert.equal(versions.clientVersion.gitVersion, named('k8s.io/kubernetes'));
    assert.match(await cluster.helm(['version', '--short']), new RegExp(`^${named('helm.sh/helm/v4')}`));
  });

  it('L-04a lets a developer deploy the sample chart with a real helm upgrade that waits', async () => {
    const namespace = await cluster.namespace('helm');
    const args = ['upgrade', '--install', 'kosmos', './charts/kosmos', '--namespace', namespace, '--wait'];
    const values = ['--values', 'values-staging.yaml', '--set', 'image.tag=v2.1.0', '--output', 'json'];
    const release = JSON.parse(await cluster.helm([...args, ...values], { person: 'alice', cwd: chart })) as {
      info: { status: string };
    };
    assert.equal(release.info.status, 'deployed');
    const ready = await cluster.kubectl(
      ['get', 'deployment', 'agent-name', '-n', namespace, '-o', 'jsonpath={.status.readyReplicas}'],
      { person: 'alice' },
    );
    assert.equal(ready, '2', 'both replicas were ready when helm returned');
  });

  describe('has people', () => {
    const may = async (person: string, ...question: string[]): Promise<boolean> =>
      (await cluster.kubectl(['auth', 'can-i', ...question], { person }).catch(() => 'no')) === 'yes';

    it('L-04b with a private kubeconfig each and the three contexts in it', async () => {
      for (const { name } of people) {
        const path = cluster.sandbox.kubeconfigPath(name);
        assert.equal((await stat(path)).mode & 0o777, 0o600, path);
        const contexts = await cluster.kubectl(['config', 'get-contexts', '-o', 'name'], { person: name });
        const expected = ['kosmos-development', 'kosmos-production', 'kosmos-staging'];
        assert.deepEqual(
          contexts.split('\n').toSorted(),
          name === 'admin' ? ['admin', ...expected] : expected,
        );
      }
    });

    it('L-04b who are the users and groups of their client certificates', async () => {
      const review = JSON.parse(
        await cluster.kubectl(['auth', 'whoami', '-o', 'json'], { person: 'dana' }),
      ) as { status: { userInfo: { username: string; groups: string[] } } };
      assert.equal(review.status.userInfo.username, 'dana');
      assert.deepEqual(review.status.userInfo.groups.toSorted(), [
        'dev-lead',
        'developers',
        'system:authenticated',
      ]);
    });

    it('L-04b of whom a developer may deploy to the three environments', async () => {
      for (const context of ['kosmos-development', 'kosmos-staging', 'kosmos-production']) {
        for (const [verb, resource] of [
          ['patch', 'deployments'],
          ['create', 'secrets'],
          ['delete', 'configmaps'],
          ['watch', 'pods'],
          ['get', 'pods/log'],
          ['list', 'events'],
        ] as const) {
          assert.ok(
            await may('alice', verb, resource, '--context', context),
            `${verb} ${resource} in ${context}`,
          );
        }
      }
    });

    it('L-04b of whom a developer may see the cluster’s identity and nothing else outside', async () => {
      const uid = await cluster.kubectl(
        ['get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}'],
        {
          person: 'alice',
        },
      );
      assert.equal(uid, cluster.sandbox.clusterId);
      await assert.rejects(
        cluster.kubectl(['get', 'secrets', '-n', 'kube-system'], { person: 'alice' }),
        /secrets is forbidden: User "alice" cannot list/,
      );
      assert.ok(!(await may('alice', 'list', 'namespaces')));
      assert.ok(!(await may('alice', 'list', 'nodes')));
      assert.ok(!(await may('alice', 'get', 'pods', '-n', 'default')));
      assert.ok(!(await may('alice', 'create', 'rolebindings', '-n', 'kosmos')));
    });

    it('L-04b of whom others may look, without Secrets, or administer', async () => {
      for (const person of ['paul', 'sue', 'mia']) {
        assert.ok(await may(person, 'list', 'pods', '-n', 'kosmos'), `${person} looks`);
        assert.ok(!(await may(person, 'get', 'secrets', '-n', 'kosmos')), `${person} reads no Secrets`);
        assert.ok(!(await may(person, 'patch', 'deployments', '-n', 'kosmos')), `${person} deploys nothing`);
      }
      assert.ok(await may('olga', 'patch', 'deployments', '-n', 'kosmos'));
      assert.ok(await may('nina', '*', '*', '--all-namespaces'));
    });
  });

  describe('plays a pod by its image’s tag:', () => {
    let namespace: string;
    const tags = {
      healthy: '1.4.0',
      slow: '1.4.0-slow',
      crash: '1.4.0-crash.2',
      neverready: 'main-neverready',
      pullerror: '1.4.0-pullerror',
      restarts: '1.4.0-restarts',
    };

    before(async () => {
      namespace = await cluster.namespace('tags');
      for (const [name, tag] of Object.entries(tags)) {
        await cluster.kubectl(['create', '-n', namespace, '-f', '-'], {
          input: JSON.stringify(deployment(name, `registry.example:5000/team/web:${tag}`)),
        });
      }
    });

    const podName = async (name: string): Promise<string> =>
      await cluster.kubectl([
        'get',
        'pods',
        '-n',
        namespace,
        '-l',
        `app=${name}`,
        '-o',
        'jsonpath={.items[0].metadata.name}',
      ]);
    const status = async (name: string): Promise<PodStatus> => {
      const list = JSON.parse(
        await cluster.kubectl(['get', 'pods', '-n', namespace, '-l', `app=${name}`, '-o', 'json']),
      ) as { items: { status: PodStatus }[] };
      const found = list.items[0]?.status;
      assert.ok(found, `there is a pod of ${name}`);
      return found;
    };
    const becomes = (name: string, what: string, check: (status: PodStatus) => boolean): Promise<void> =>
      waitFor(`the pod ${name}: ${what}`, async () => check(await status(name)), { limitMs: 40_000 });
    const first = (pod: PodStatus): NonNullable<PodStatus['containerStatuses']>[number] => {
      const container = pod.containerStatuses?.[0];
      assert.ok(container);
      return container;
    };
    const logs = (name: string, ...more: string[]): Promise<string> =>
      cluster.kubectl(['logs', '-n', namespace, `deployment/${name}`, ...more], { person: 'alice' });

    it('L-04c healthy: ready soon, with the digest of its image', async () => {
      await becomes('healthy', 'ready', isReady);
      const { imageID, restartCount } = first(await status('healthy'));
      const digest = createHash('sha256').update('registry.example:5000/team/web:1.4.0').digest('hex');
      assert.equal(imageID, `registry.example:5000/team/web@sha256:${digest}`);
      assert.equal(restartCount, 0);
    });

    it('L-04c crash loop: CrashLoopBackOff after exit code 1, with a rising restart count', async () => {
      await becomes(
        'crash',
        'CrashLoopBackOff',
        pod => first(pod).state.waiting?.reason === 'CrashLoopBackOff',
      );
      const { lastState, ready, restartCount } = first(await status('crash'));
      assert.equal(lastState.terminated?.exitCode, 1);
      assert.equal(lastState.terminated.reason, 'Error');
      assert.equal(ready, false);
      await becomes('crash', 'restarted again', pod => first(pod).restartCount > restartCount);
      assert.ok(!isReady(await status('crash')));
    });

    it('L-04c image pull error: ErrImagePull and ImagePullBackOff with the image’s name', async () => {
      await becomes(
        'pullerror',
        'ImagePullBackOff',
        pod => first(pod).state.waiting?.reason === 'ImagePullBackOff',
      );
      const pod = await status('pullerror');
      assert.match(
        first(pod).state.waiting?.message ?? '',
        /"registry\.example:5000\/team\/web:1\.4\.0-pullerror"/,
      );
      assert.equal(pod.phase, 'Pending');
      assert.equal(first(pod).imageID, '');
      // Not `kubectl events --for`: the events of KWOK name no apiVersion of their object.
      const about = `involvedObject.name=${await podName('pullerror')}`;
      const events = await cluster.kubectl(['get', 'events', '-n', namespace, '--field-selector', about]);
      assert.match(events, /Failed\s.*Error: ErrImagePull/);
    });

    it('L-04c never ready: runs until its Deployment misses its progress deadline', async () => {
      await becomes('neverready', 'running', pod => first(pod).state.running !== undefined);
      await cluster.kubectl([
        ...['wait', '-n', namespace, 'deployment/neverready', '--timeout=40s'],
        '--for=jsonpath={.status.conditions[?(@.type=="Progressing")].reason}=ProgressDeadlineExceeded',
      ]);
      const pod = await status('neverready');
      assert.equal(pod.phase, 'Running');
      assert.ok(!isReady(pod));
      assert.equal(first(pod).restartCount, 0);
    });

    it('L-04c slow: runs at once and is ready after 12 to 20 s', async () => {
      await becomes('slow', 'ready', isReady);
      const pod = await status('slow');
      const started = Date.parse(first(pod).state.running?.startedAt ?? '');
      const ready = Date.parse(pod.conditions.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '');
      const seconds = (ready - started) / 1000;
      // Both times are whole seconds, so the difference may be off by one either way; and this machine is busy.
      assert.ok(seconds >= 11 && seconds <= 25, `it took ${seconds} s`);
    });

    it('L-04c restarts: comes back ready after every kill, with a rising restart count', async () => {
      await becomes('restarts', 'restarted and ready', pod => first(pod).restartCount >= 1 && isReady(pod));
      assert.deepEqual(
        [first(await status('restarts')).lastState.terminated?.exitCode, (await status('restarts')).phase],
        [137, 'Running'],
      );
    });

    it('L-04d shows the logs of every pod, one Logs object each', async () => {
      const pods = await cluster.kubectl(['get', 'pods', '-n', namespace, '-o', 'name']);
      const objects = await cluster.kubectl(['get', 'logs.kwok.x-k8s.io', '-n', namespace, '-o', 'name']);
      const names = (text: string): string[] =>
        text
          .split('\n')
          .map(line => line.replace(/.*\//, ''))
          .toSorted();
      assert.deepEqual(names(objects), names(pods));
      assert.match(await logs('healthy'), /INFO {2}http: listening/);
      assert.match(await logs('slow'), /warm-up: \d+ of 480 routes loaded/);
      assert.match(await logs('neverready'), /WARN {2}health: \/ready answers 503/);
      assert.match(await logs('restarts'), /INFO {2}http: listening/);
      assert.equal(await logs('pullerror'), '', 'a container that never ran said nothing');
    });

    it('L-04d shows why a container crashed, and what it said in its life before', async () => {
      const why = /FATAL config: DATABASE_POOL_SIZE must be a number, got "ten"[\s\S]*at parseNumber/;
      assert.match(await logs('crash', '--timestamps'), why);
      assert.match(await logs('crash', '--previous'), why);
      assert.match(await logs('restarts', '--previous'), /ERROR memory: cannot allocate/);
    });

    it('L-04d follows a log as it grows', async () => {
      const follower = spawn(
        cluster.sandbox.tools.kubectl,
        ['logs', '-n', namespace, 'deployment/healthy', '--follow', '--tail=0'],
        {
          // Without HOME kubectl would leave its cache in the working folder.
          env: { ...process.env, KUBECONFIG: cluster.sandbox.kubeconfigPath('alice') },
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
      let text = '';
      follower.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      try {
        await waitFor('two more lines', async () => text.split('\n').length > 2, { limitMs: 30_000 });
      } finally {
        follower.kill();
      }
      assert.match(text, /INFO {2}http: [A-Z]+ \//);
    });

    it('L-04d forgets the logs of a pod that was deleted', async () => {
      const folder = join(cluster.sandbox.stateDir, 'pod-logs', namespace);
      const pod = await podName('healthy');
      assert.ok((await readdir(folder)).includes(pod));
      await cluster.kubectl(['delete', 'deployment', 'healthy', '-n', namespace]);
      await cluster.kubectl(['wait', '--for=delete', `pod/${pod}`, '-n', namespace, '--timeout=30s']);
      await waitFor('its files to be gone', async () => !(await readdir(folder)).includes(pod), {
        limitMs: 20_000,
      });
      await assert.rejects(cluster.kubectl(['get', 'logs.kwok.x-k8s.io', pod, '-n', namespace]), /not found/);
    });
  });

  it('L-04c ends the pods of a Job, and fails those of a crashing image', async () => {
    const namespace = await cluster.namespace('jobs');
    await cluster.kubectl(['create', 'job', 'good', '--image=tools:1.0', '-n', namespace]);
    await cluster.kubectl(['create', 'job', 'bad', '--image=tools:1.0-crash', '-n', namespace]);
    await cluster.kubectl(['wait', '--for=condition=complete', 'job/good', '-n', namespace, '--timeout=40s']);
    await waitFor(
      'the other to fail',
      async () => {
        const failed = await cluster.kubectl([
          'get',
          'job',
          'bad',
          '-n',
          namespace,
          '-o',
          'jsonpath={.status.failed}',
        ]);
        return Number(failed) >= 1;
      },
      { limitMs: 30_000 },
    );
  });
});

function isReady(pod: PodStatus): boolean {
  return pod.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

function deployment(name: string, image: string): unknown {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      progressDeadlineSeconds: 10,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image }] } },
    },
  };
}
