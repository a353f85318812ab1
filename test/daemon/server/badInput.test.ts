import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connectDaemon } from '../../../daemon/client/connectDaemon.ts';
import type { DaemonClient } from '../../../daemon/client/daemonClient.ts';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import type { Login } from '../../../daemon/protocol/login.ts';
import { buildTestFolder, cleanFolders, waitUntil } from './testFolder.ts';
import { buildTestProgram, startTestDaemon } from './testProgram.ts';

const identity = { name: 'test', version: '1.0.0' };

const procedure = `apiVersion: slipway.dev/v1
kind: Procedure
name: shop
components: {shop: {methods: {helm: {release: shop, chart: charts/shop}}}}
environments: {staging: {cluster: {namespace: shop-staging}}}
`;

/** A matcher for `assert.rejects`: the code, the sentence, and what to do next. */
function told(code: string, message: RegExp, next: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof SlipwayError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.match(error.next, next);
    return true;
  };
}

describe('a daemon that is given something wrong', function () {
  this.timeout(60_000);
  let home: string;
  let below: string;
  let client: DaemonClient;

  before(async () => {
    await buildTestProgram();
  });
  beforeEach(() => {
    home = buildTestFolder();
    below = dirname(home);
  });
  afterEach(async () => {
    client?.close();
    await cleanFolders();
  });

  async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    ({ client } = await connectDaemon(await startTestDaemon(home, { env }), identity));
  }

  /** Writes a program into a folder for PATH. */
  function writeProgram(name: string, script: string): string {
    const folder = join(below, 'bin');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return folder;
  }

  function git(folder: string, ...args: readonly string[]): void {
    const who = ['-c', 'user.name=Sam', '-c', 'user.email=sam@shop.example'];
    execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'ignore' });
  }

  /** A repository with these files, committed. */
  function createRepository(name: string, files: Readonly<Record<string, string>>): string {
    const folder = join(below, name);
    mkdirSync(folder, { recursive: true });
    git(folder, 'init', '--quiet', '--initial-branch=main');
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'Begin');
    return folder;
  }

  const open = (folder: string) => client.request('repository.open', { folder });
  const check = async () => (await client.request('setup.check', {})).problems;

  it('P-09a tells that a repository has no slipway.yaml', async () => {
    await start();
    const view = await open(createRepository('shop', {}));
    assert.deepEqual([view.procedure, view.environments], ['missing', []]);
  });

  it('P-09v tells where a procedure stands that nobody reads, until it is where it belongs', async () => {
    await start({ PATH: `${writeProgram('helm', 'echo v4.3.1')}:${process.env['PATH'] ?? ''}` });
    const folder = createRepository('shop', { 'deploy/slipway.yaml': procedure });
    const view = await open(folder);
    assert.deepEqual(
      [view.procedure, view.misplaced],
      ['missing', { path: 'deploy/slipway.yaml', kind: 'folder' }],
    );
    await assert.rejects(
      client.request('promotion.plan', {
        repositoryId: view.id,
        environment: 'staging',
        release: 'v1',
        kind: 'regular',
      }),
      told(
        'misplacedProcedure',
        /no slipway\.yaml at the root of this repository; there is deploy\/slipway\.yaml, which/,
        /^Move deploy\/slipway\.yaml to the root of the repository/,
      ),
    );
    git(folder, 'mv', 'deploy/slipway.yaml', 'slipway.yaml');
    git(folder, 'commit', '--quiet', '--message', 'Move');
    await client.request('release.refresh', { repositoryId: view.id });
    const moved = await open(folder);
    assert.deepEqual([moved.procedure, moved.misplaced], ['valid', undefined]);
  });

  it('P-09b tells what is wrong in slipway.yaml, with line and column, and plans nothing by it', async () => {
    await start({ PATH: `${writeProgram('helm', 'echo v4.3.1')}:${process.env['PATH'] ?? ''}` });
    const text = procedure.replace('components:', 'componentz:');
    const view = await open(createRepository('shop', { 'slipway.yaml': text }));
    assert.equal(view.procedure, 'invalid');
    assert.ok(
      view.diagnostics.some(
        ({ message, startLine }) => startLine === 3 && /did you mean "components"/i.test(message),
      ),
      JSON.stringify(view.diagnostics),
    );
    await assert.rejects(
      client.request('promotion.plan', {
        repositoryId: view.id,
        environment: 'staging',
        release: 'v1',
        kind: 'regular',
      }),
      told(
        'policyUnavailable',
        /slipway\.yaml of main has 2 errors; line 1: "components" is missing/,
        /^Correct slipway\.yaml \(see Problems\), then commit it to main\.$/,
      ),
    );
  });

  it('P-09k names the line where a name would pass for an option', async () => {
    await start();
    for (const [before, after] of [
      ['release: shop', "release: '--post-renderer=evil'"],
      ['chart: charts/shop', "chart: '-x'"],
      ['namespace: shop-staging', "namespace: '--all'"],
    ] as const) {
      const { diagnostics } = await client.request('procedure.check', {
        text: procedure.replace(before, after),
      });
      assert.match(
        diagnostics[0]?.message ?? '',
        /does not begin with "-"|not beginning with "-"|beginning and ending with a letter/,
      );
      assert.equal(diagnostics[0]?.severity, 'error');
    }
    await assert.rejects(
      client.request('procedure.draft', { folder: below, environments: ['--all'] }),
      told('badRequest', /environments/, /./),
    );
  });

  it('P-09r tells that there is no git, and where it looked', async () => {
    await start({ PATH: writeProgram('helm', 'echo v4.3.1') });
    await assert.rejects(
      open(below),
      told('toolMissing', /^git is in none of the folders of PATH\.$/, /slipway\.tools.*Restart Daemon/),
    );
    assert.deepEqual(
      (await check()).map(({ name, code }) => [name, code]),
      [['git', 'toolMissing']],
    );
    const setup = await client.request('setup.show', {});
    assert.match(setup.tools.find(({ name }) => name === 'git')?.problem ?? '', /git is in none/);
    assert.equal(setup.path, join(below, 'bin'));
  });

  it('P-09f tells that there is no helm, or that a setting names none, until there is one', async () => {
    const folder = join(below, 'bin');
    mkdirSync(folder);
    symlinkSync(execFileSync('which', ['git'], { encoding: 'utf8' }).trim(), join(folder, 'git'));
    await start({ PATH: folder });
    const view = await open(createRepository('shop', { 'slipway.yaml': procedure }));
    const plan = () =>
      client.request('promotion.plan', {
        repositoryId: view.id,
        environment: 'staging',
        release: 'v1',
        kind: 'regular',
      });
    const missing = told(
      'toolMissing',
      /^helm is in none of the folders of PATH\.$/,
      /Install it, or name its path/,
    );
    await assert.rejects(plan(), missing);
    const [problem] = await check();
    assert.match(`${problem?.message} ${problem?.next}`, /helm is in none .*Install it/);
    await client.request('setup.configure', { tools: { helm: '/opt/helm' }, kubeconfig: '' });
    assert.match(
      (await check())[0]?.message ?? '',
      /settings name \/opt\/helm for helm: no program runs there/,
    );
    await client.request('setup.configure', { tools: { helm: '' }, kubeconfig: '' });
    writeProgram('helm', 'echo v4.3.1');
    assert.deepEqual(await check(), []);
    await assert.rejects(plan(), told('notTrusted', /./, /./), 'it gets further than helm now');
  });

  it('P-09g tells that helm is too old, and takes a newer one when it is there', async () => {
    const folder = writeProgram('helm', 'echo v3.9.4+gdbc6d8e');
    await start({ PATH: `${folder}:${process.env['PATH'] ?? ''}` });
    const view = await open(createRepository('shop', { 'slipway.yaml': procedure }));
    await assert.rejects(
      client.request('promotion.plan', {
        repositoryId: view.id,
        environment: 'staging',
        release: 'v1',
        kind: 'regular',
      }),
      told('toolTooOld', /^helm is v3\.9\.4; Slipway needs 3\.15 or later/, /Install a newer version/),
    );
    assert.deepEqual(
      (await check()).map(({ name, code }) => [name, code]),
      [['helm', 'toolTooOld']],
    );
    writeProgram('helm', 'echo v4.3.1+gabcdef0');
    assert.deepEqual(await check(), []);
  });

  it('P-09s tells that a clone is shallow, and how to mend it', async () => {
    await start();
    const origin = createRepository('origin', { 'slipway.yaml': procedure });
    git(origin, 'commit', '--quiet', '--allow-empty', '--message', 'Second');
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${origin}`, join(below, 'shallow')]);
    const { notices } = await open(join(below, 'shallow'));
    assert.match(
      notices.join('\n'),
      /This is a shallow clone: older commits are not known here \(git fetch --unshallow\)/,
    );
  });

  it('P-09w opens a partial clone, and tells without its remote how to make it whole', async () => {
    await start();
    const origin = createRepository('origin', { 'slipway.yaml': procedure, 'README.md': 'one' });
    git(origin, 'tag', 'v1');
    writeFileSync(join(origin, 'README.md'), 'two');
    git(origin, 'commit', '--quiet', '--all', '--message', 'Second');
    git(origin, 'config', 'uploadpack.allowFilter', 'true');
    const partial = ['clone', '--quiet', '--filter=blob:none', `file://${origin}`];
    git(below, ...partial, join(below, 'partial'));
    git(below, ...partial, join(below, 'other'));
    const view = await open(join(below, 'partial'));
    assert.deepEqual([view.procedure, view.releases.map(({ version }) => version)], ['valid', ['v1']]);
    assert.match(
      view.notices.join('\n'),
      /partial clone: files that were never downloaded are taken from origin/,
    );
    renameSync(origin, `${origin}.away`);
    await assert.rejects(
      open(join(below, 'other')),
      told('partialClone', /other is a partial clone/, /git fetch --refetch --no-filter --tags origin/),
    );
  });

  it('P-09t tells that there is no remote: its gates are advice, and the local branch governs', async () => {
    await start();
    const { policy, environments } = await open(createRepository('shop', { 'slipway.yaml': procedure }));
    assert.deepEqual([policy.from, policy.advice], ['main', 'no remote: kept on this machine only']);
    assert.equal(environments.length, 1);
  });

  describe('by a kubeconfig', () => {
    /** A kubeconfig whose user logs in with a script; nothing listens at its server. */
    function writeKubeconfig(script: string, exec: Readonly<Record<string, string>> = {}): string {
      writeProgram('login', script);
      const path = join(below, 'kubeconfig.json');
      const user = {
        exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './bin/login', ...exec },
      };
      writeFileSync(
        path,
        JSON.stringify({
          clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
          users: [{ name: 'u', user }],
          contexts: [{ name: 'shop-staging', context: { cluster: 'c', user: 'u' } }],
        }),
      );
      return path;
    }

    async function prepare(kubeconfig: string): Promise<{ readonly connect: () => Promise<unknown> }> {
      await start({ KUBECONFIG: kubeconfig });
      const view = await open(createRepository('shop', { 'slipway.yaml': procedure }));
      const request = { repositoryId: view.id, environment: 'staging', context: 'shop-staging' };
      return { connect: () => client.request('environment.connect', request) };
    }

    const credential = JSON.stringify({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'secret-token' },
    });

    it('P-09c tells that it has no such context, and which file it is', async () => {
      await prepare(writeKubeconfig('exit 1'));
      const view = await open(join(below, 'shop'));
      await assert.rejects(
        client.request('environment.connect', {
          repositoryId: view.id,
          environment: 'staging',
          context: 'shop-stageing',
        }),
        told(
          'unknownContext',
          /There is no context "shop-stageing" in .*kubeconfig\.json/,
          /Connect Environment/,
        ),
      );
    });

    it('P-09n tells that a login has expired, in the words of its program', async () => {
      const { connect } = await prepare(
        writeKubeconfig('echo "ERROR: refresh token has expired" >&2; exit 1', { interactiveMode: 'Never' }),
      );
      await assert.rejects(
        connect(),
        told(
          'loginExpired',
          /credential plugin .*bin\/login failed: .*refresh token has expired/,
          /Log in again with .*bin\/login/,
        ),
      );
    });

    it('P-09m relays what a plugin asks to the windows, and their answer to it', async () => {
      const { connect } = await prepare(
        writeKubeconfig(
          `printf 'To sign in, open https://login.example/device\\nEnter the code: ' >&2
read -r code
[ "$code" = "ABC-123" ] || { echo "wrong code $code" >&2; exit 1; }
echo '${credential}'`,
          { interactiveMode: 'IfAvailable' },
        ),
      );
      const asked: Login[] = [];
      const ended: string[] = [];
      client.onNotification('login.asked', login => void asked.push(login));
      client.onNotification('login.ended', ({ id }) => void ended.push(id));
      assert.deepEqual((await client.request('login.list', {})).logins, []);
      const connecting = connect();
      connecting.catch(() => {});
      await waitUntil('the question', () => asked.length > 0);
      const [login] = asked;
      assert.ok(login?.asks);
      assert.equal(login.said, 'To sign in, open https://login.example/device\nEnter the code:');
      assert.match(login.command, /bin\/login$/);
      assert.equal(login.server, 'https://127.0.0.1:1');
      assert.ok(Date.parse(login.until) - Date.now() > 4 * 60_000, 'a person has minutes');
      assert.deepEqual((await client.request('login.list', {})).logins, [login]);
      await client.request('login.answer', { id: login.id, answer: 'ABC-123' });
      // It is logged in, and asks the server, where nothing listens.
      await assert.rejects(connecting, told('clusterUnreachable', /nothing listens there/, /./));
      await waitUntil('its end', () => ended.includes(login.id));
      assert.deepEqual((await client.request('login.list', {})).logins, []);
    });

    it('P-09m lets a person stop a plugin that waits', async () => {
      const { connect } = await prepare(
        writeKubeconfig('echo "Waiting for your browser..." >&2; sleep 600', { interactiveMode: 'Never' }),
      );
      const asked: Login[] = [];
      client.onNotification('login.asked', login => void asked.push(login));
      await client.request('login.list', {});
      const connecting = connect();
      connecting.catch(() => {});
      await waitUntil('the notice', () => asked.length > 0);
      assert.equal(asked[0]?.asks, false);
      await client.request('login.cancel', { id: asked[0]?.id ?? '' });
      await assert.rejects(connecting, told('loginExpired', /bin\/login failed: .*was cancelled/, /./));
    });

    it('P-09l stops a plugin that hangs when nobody is there to answer, and says so', async () => {
      const { connect } = await prepare(
        writeKubeconfig('echo "Please log in at https://login.example" >&2; sleep 600', {
          interactiveMode: 'IfAvailable',
        }),
      );
      const begun = performance.now();
      await assert.rejects(
        connect(),
        told(
          'loginExpired',
          /did not answer within 30 s and was stopped: Please log in at https:\/\/login\.example/,
          /Log in again/,
        ),
      );
      assert.ok(performance.now() - begun < 45_000);
    });
  });
});
