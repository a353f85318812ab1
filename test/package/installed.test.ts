import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findDaemon } from '../../daemon/client/findDaemon.ts';
import { buildStatePaths, type Discovery } from '../../daemon/protocol/discovery.ts';
import { startSandboxDaemon, stopSandboxDaemon } from '../../sandbox/sandboxDaemon.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { waitForNotification } from '../journeys/messages.ts';
import { orError, startPromotion, trustAndConnect } from '../journeys/promoteByHand.ts';
import { openReleases, waitForRow, waitForWelcome } from '../journeys/releasesView.ts';
import { readImage, readRevisions, startJourneyCluster, whilePodsWait } from '../journeys/startJourney.ts';
import type { Workbench } from '../journeys/workbench.ts';
import { buildPackage, root } from './extensionPackage.ts';
import { type InstalledEditor, prepareInstalledEditor } from './installedEditor.ts';
import { listPeers } from './listPeers.ts';

const first = '0.1.0';
const second = '0.2.0';

describe('the package in the editor', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;
  let editor: InstalledEditor;
  let workbench: Workbench | undefined;
  let failed = false;

  before(async function () {
    this.timeout(10 * 60_000);
    started = await startJourneyCluster();
    editor = await prepareInstalledEditor(started.cluster);
  });

  beforeEach(function () {
    if (failed) {
      // Each goes on where the one before has ended: after a failure, which counts, the rest would only repeat it.
      this.skip();
    }
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      failed = true;
      await workbench?.screenshot('package-failed');
    }
  });

  after(async () => {
    await workbench?.close();
    await editor?.end();
    await started?.end();
  });

  const open = async () => {
    workbench = await editor.open();
    return workbench;
  };
  const close = async () => {
    await workbench?.close();
    workbench = undefined;
  };

  it('P-11c is installed and starts, and its daemon runs from the copy in the state folder', async () => {
    await editor.run('--install-extension', await buildPackage(first));
    assert.match(await editor.run('--list-extensions', '--show-versions'), /^slipway\.slipway@0\.1\.0$/m);
    const { page } = await open();
    await openReleases(page);
    await waitForWelcome(page, 'Trust Repository');
    const { program, pid, version } = readDaemon(editor.home);
    assert.equal(version, first);
    assert.match(program, new RegExp(`^${editor.home}/program/0\\.1\\.0-[0-9a-f]{12}/daemon\\.cjs$`));
    assert.ok(readCommand(pid).includes(program));
    assert.equal(readlinkSync(`/proc/${pid}/cwd`), editor.home);
  });

  it('P-11c needs nothing of the source tree, which it cannot even see', function () {
    if (!editor.sourceIsHidden) {
      // Nobody but root may mount where unprivileged namespaces are switched off.
      this.skip();
    }
    const { pid } = readDaemon(editor.home);
    assert.ok(readdirSync(root).length > 10);
    assert.deepEqual(readdirSync(`/proc/${pid}/root${root}`), []);
  });

  it('P-11d promotes a release to development', async () => {
    assert.ok(workbench);
    const { page } = workbench;
    await trustAndConnect(workbench);
    await startPromotion(workbench, { release: 'v2.1.0', environment: 'development' });
    await orError(page, waitForNotification(page, 'v2.1.0 runs in development'));
    await waitForRow(page, 'development', /v2\.1\.0.*healthy since/);
    assert.equal(await readImage(started.cluster, 'kosmos-development'), 'kosmos/agent:v2.1.0');
    await workbench.screenshot('package-promoted');
  });

  it('P-10e talks to nobody but this machine: the cluster is here too', () => {
    const { pid } = readDaemon(editor.home);
    const peers = listPeers(pid);
    assert.ok(peers.length > 0, 'not even to the cluster');
    assert.deepEqual(
      peers.filter(peer => !/^(?:127\.|::1$|::ffff:127\.)/.test(peer)),
      [],
    );
  });

  it('P-11e is updated while a promotion runs, and nothing breaks', async () => {
    assert.ok(workbench);
    const { page } = workbench;
    const update = await buildPackage(second);
    const older = readDaemon(editor.home);
    await startPromotion(workbench, { release: 'v2.1.1', environment: 'development' });
    await orError(page, waitForRow(page, 'helm upgrade kosmos', 'running'));
    await whilePodsWait(started.cluster, async () => {
      await editor.run('--install-extension', update);
      await workbench?.reload();
      await openReleases(page);
      await waitForRow(page, 'v2.1.1 \u2192 development', /running/);
    });
    // The new version talks to the daemon that was there, and knows that it is the older one.
    await waitFor(
      'the new version',
      async () => /"version":"0\.1\.0","notice":"A promotion is running/.test(readLog()),
      {
        limitMs: 20_000,
      },
    );
    assert.equal(readDaemon(editor.home).pid, older.pid);

    await orError(page, waitForNotification(page, 'v2.1.1 runs in development', 120_000));
    await waitFor('the newer daemon', async () => readVersion(editor.home) === second, { limitMs: 60_000 });
    const newer = readDaemon(editor.home);
    await waitFor('the end of the older daemon', async () => !isAlive(older.pid), { limitMs: 15_000 });
    assert.ok(newer.program.startsWith(join(editor.home, 'program', `${second}-`)));
    await waitForRow(page, 'development', /v2\.1\.1.*healthy since/, 60_000);
    assert.equal(await readImage(started.cluster, 'kosmos-development'), 'kosmos/agent:v2.1.1');
    // Helm ran once: a second run would be a third revision.
    assert.deepEqual(await readRevisions(started.cluster, 'kosmos-development'), [
      '1 superseded',
      '2 deployed',
    ]);
    await workbench.screenshot('package-updated');
  });

  it('P-11g is uninstalled while a promotion runs: that ends first, then the daemon with its program', async () => {
    assert.ok(workbench);
    const { page } = workbench;
    await startPromotion(workbench, { release: 'v2.1.1', environment: 'staging' });
    await orError(page, waitForRow(page, 'helm upgrade kosmos', 'running'));
    const daemon = readDaemon(editor.home);
    const server = await whilePodsWait(started.cluster, async () => {
      await editor.run('--uninstall-extension', 'slipway.slipway');
      await close();
      const opened = await editor.start();
      try {
        await waitFor('the script', async () => /goes on: promotion \S+ is running/.test(readServerLog()), {
          limitMs: 30_000,
        });
        assert.ok(isAlive(daemon.pid) && existsSync(daemon.program));
      } catch (error) {
        await opened.stop();
        throw new Error(`${String(error)} The editor has logged:\n${readServerLog().slice(-1_500)}`);
      }
      return opened;
    });
    try {
      await waitFor('the daemon to leave', async () => !isAlive(daemon.pid), { limitMs: 120_000 });
    } finally {
      await server.stop();
    }
    assertRemoved(editor.home, daemon);
    assert.equal(await readImage(started.cluster, 'kosmos-staging'), 'kosmos/agent:v2.1.1');
    assert.deepEqual(await readPromotions(), [
      'v2.1.1 staging succeeded',
      'v2.1.1 development succeeded',
      'v2.1.0 development succeeded',
    ]);
  });

  it('P-11f is uninstalled while its daemon is idle: that ends after the next start of the editor', async () => {
    await editor.run('--install-extension', await buildPackage(first));
    const { page } = await open();
    await openReleases(page);
    await waitForRow(page, 'development');
    const daemon = readDaemon(editor.home);
    await editor.run('--uninstall-extension', 'slipway.slipway');
    await close();
    assert.ok(isAlive(daemon.pid), 'it outlives the window');
    const server = await editor.start();
    try {
      await waitFor('the daemon to end', async () => !isAlive(daemon.pid), { limitMs: 30_000 });
      await waitFor(
        'the words of the script',
        async () => {
          const said = readServerLog();
          return (
            said.includes(`process ${daemon.pid}) has ended`) &&
            said.includes(`The journal of promotions stays in ${editor.home}`)
          );
        },
        { limitMs: 10_000 },
      );
    } finally {
      await server.stop();
    }
    assertRemoved(editor.home, daemon);
    assert.equal((await readPromotions()).length, 3);
  });

  /** What the windows of the editor have logged. */
  function readLog(): string {
    return readFiles(join(editor.stateDir, 'user'), name => name.endsWith('Slipway.log'));
  }

  /** What the editor itself has logged, the scripts' words among it. */
  function readServerLog(): string {
    return readFiles(editor.stateDir, name => /(?:remoteagent|editor)\.log$/.test(name));
  }

  /** The promotions of the journal that stayed, newest first, by a daemon that is started for this alone. */
  async function readPromotions(): Promise<readonly string[]> {
    const { client } = await startSandboxDaemon({
      home: editor.home,
      kubeconfig: started.cluster.kubeconfigPath('alice'),
      toolFolder: started.cluster.tools.binDirectory,
    });
    try {
      assert.equal((await client.request('journal.verify', {})).ok, true);
      const { promotions } = await client.request('repository.open', { folder: editor.folder });
      return promotions.map(
        ({ plan, state }) => `${plan.release.version} ${plan.target.environment} ${state}`,
      );
    } finally {
      client.close();
      await stopSandboxDaemon(editor.home);
    }
  }
});

function assertRemoved(home: string, daemon: Discovery): void {
  const paths = buildStatePaths(home);
  for (const path of [paths.programs, paths.compileCache, paths.discovery, daemon.socket]) {
    assert.ok(!existsSync(path), path);
  }
  assert.ok(existsSync(join(home, 'store.db')));
}

function readDaemon(home: string): Discovery {
  const found = findDaemon(home);
  assert.ok(found.state === 'found', found.state === 'absent' ? found.reason : '');
  return found.discovery;
}

function readVersion(home: string): string | undefined {
  const found = findDaemon(home);
  return found.state === 'found' ? found.discovery.version : undefined;
}

function readCommand(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
}

function readFiles(folder: string, fits: (name: string) => boolean): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(fits)
    .map(name => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
