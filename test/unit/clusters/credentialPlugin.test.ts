import assert from 'node:assert/strict';
import { ClusterError } from '../../../daemon/clusters/clusterError.ts';
import {
  type CredentialPluginRun,
  CredentialPlugins,
  execSchema,
} from '../../../daemon/clusters/credentialPlugin.ts';

const exec = execSchema.parse({
  command: 'login',
  args: ['get-token'],
  env: [{ name: 'PROFILE', value: 'work' }],
  provideClusterInfo: true,
  installHint: 'Install login.',
});
const request = { exec, cluster: { server: 'https://main:6443' } };

/** Plugins whose runs are answered by `answer`, at a clock that only the test moves. */
function build(answer: (run: CredentialPluginRun, count: number) => string | Promise<string>) {
  const runs: CredentialPluginRun[] = [];
  const clock = { now: Date.parse('2026-11-23T12:00:00Z') };
  const plugins = new CredentialPlugins({
    now: () => clock.now,
    run: async run => {
      runs.push(run);
      return { stdout: await answer(run, runs.length) };
    },
  });
  return { plugins, runs, clock };
}

const credential = (status: object) => JSON.stringify({ kind: 'ExecCredential', status });

describe('a credential plugin', () => {
  it('is told what it may know, and that nobody is there to answer', async () => {
    const { plugins, runs } = build(() => credential({ token: 'secret' }));
    assert.deepEqual(await plugins.read(request), { token: 'secret' });
    const [run] = runs;
    assert.equal(run?.command, 'login');
    assert.deepEqual(run?.args, ['get-token']);
    assert.equal(run?.env['PROFILE'], 'work');
    assert.deepEqual(JSON.parse(run?.env['KUBERNETES_EXEC_INFO'] ?? ''), {
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: { interactive: false, cluster: { server: 'https://main:6443' } },
    });
    assert.ok((run?.timeoutMs ?? 0) > 0, 'it has a time limit');
  });

  it('runs once for all who ask at the same time', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const { plugins, runs } = build(() => promise);
    const asked = [plugins.read(request), plugins.read(request), plugins.read(request)];
    resolve(credential({ token: 'one' }));
    assert.deepEqual(
      (await Promise.all(asked)).map(({ token }) => token),
      ['one', 'one', 'one'],
    );
    assert.equal(runs.length, 1);
  });

  it('runs again only shortly before its credential ends', async () => {
    const { plugins, runs, clock } = build(() =>
      credential({ token: 't', expirationTimestamp: '2026-11-23T12:10:00Z' }),
    );
    await plugins.read(request);
    clock.now += 9 * 60_000;
    await plugins.read(request);
    assert.equal(runs.length, 1);
    clock.now += 55_000;
    await plugins.read(request);
    assert.equal(runs.length, 2);
  });

  it('runs again after its credential was refused', async () => {
    const { plugins, runs } = build((_run, count) => credential({ token: `t${count}` }));
    await plugins.read(request);
    plugins.forget(request);
    assert.deepEqual(await plugins.read(request), { token: 't2' });
    assert.equal(runs.length, 2);
  });

  it('that fails is said to be an expired login, with its own words and its hint', async () => {
    const { plugins } = build(() => Promise.reject(new Error('token has expired\n')));
    await assert.rejects(plugins.read(request), error => {
      assert.ok(error instanceof ClusterError);
      assert.equal(error.code, 'loginExpired');
      assert.equal(error.message, 'The credential plugin login failed: token has expired. Install login.');
      return true;
    });
  });

  it('that fails is left alone for a while, unless a person wants it tried at once', async () => {
    const { plugins, runs, clock } = build(() => Promise.reject(new Error('no')));
    await assert.rejects(plugins.read(request));
    clock.now += 14_000;
    await assert.rejects(plugins.read(request));
    assert.equal(runs.length, 1);
    clock.now += 2_000;
    await assert.rejects(plugins.read(request));
    assert.equal(runs.length, 2);
    clock.now += 16_000;
    await assert.rejects(plugins.read(request));
    assert.equal(runs.length, 2, 'the second pause is longer');
    plugins.endPauses();
    await assert.rejects(plugins.read(request));
    assert.equal(runs.length, 3);
  });

  it('that prints nonsense is not repeated in the message, since it may be a token', async () => {
    const { plugins } = build(() => 'secret-token');
    await assert.rejects(plugins.read(request), error => {
      assert.ok(error instanceof ClusterError);
      assert.doesNotMatch(error.message, /secret-token/);
      return true;
    });
  });

  it('that needs a terminal is not started', async () => {
    const { plugins, runs } = build(() => credential({ token: 't' }));
    const interactive = { ...request, exec: { ...exec, interactiveMode: 'Always' } };
    await assert.rejects(plugins.read(interactive), /has to ask a person, and no window is open/);
    assert.equal(runs.length, 0);
  });
});
