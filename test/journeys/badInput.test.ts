import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parse, stringify } from 'yaml';
import { openEmbeddedStore } from '../../daemon/store/embedded/openEmbeddedStore.ts';
import { ensureTools, type Tools } from '../../sandbox/ensureTools.ts';
import { createSampleRepository } from '../../sandbox/sampleRepository.ts';
import { buildSandboxEnvironment, stopSandboxDaemon } from '../../sandbox/sandboxDaemon.ts';
import type { Sandbox } from '../../sandbox/startCluster.ts';
import { OwnRepository } from '../cluster/ownRepository.ts';
import { clickLens, readText, waitForTab } from './editorTabs.ts';
import { answerModal, clickNotification, waitForNotification } from './messages.ts';
import { pickItem, typeInto } from './quickPick.ts';
import { clickWelcome, openReleases, waitForRow, waitForWelcome } from './releasesView.ts';
import { startJourney, startJourneyCluster } from './startJourney.ts';
import { startWorkbench, type Workbench } from './workbench.ts';

/** A window on a machine that is not as it should be; no cluster. */
type Place = {
  readonly workbench: Workbench;
  readonly home: string;
  /** The folder in which tools are found first. */
  readonly bin: string;
};

describe('the journey of somebody to whom something is wrong', () => {
  let tools: Tools;
  let state: string;
  let ends: (() => Promise<unknown>)[];

  before(async function () {
    this.timeout(30 * 60_000);
    tools = await ensureTools({ onProgress: message => console.log(message) });
  });
  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'slipway-wrong-'));
    ends = [() => rm(state, { recursive: true, force: true })];
  });
  afterEach(async () => {
    for (const end of ends.toReversed()) {
      await end();
    }
  });

  async function open(prepare: (place: Omit<Place, 'workbench'>) => Promise<unknown>): Promise<Place> {
    const home = join(state, 'home');
    const bin = join(state, 'bin');
    await mkdir(home, { mode: 0o700 });
    await mkdir(bin);
    const { directory: folder } = await createSampleRepository({
      into: join(state, 'kosmos'),
      clusterId: '00000000-0000-4000-8000-000000000000',
      onProgress: () => {},
    });
    await prepare({ home, bin });
    const env = buildSandboxEnvironment({ home, kubeconfig: join(state, 'none'), toolFolder: bin });
    ends.push(() => stopSandboxDaemon(home));
    const workbench = await startWorkbench({ folder, stateDir: join(state, 'editor'), env });
    ends.push(() => workbench.close());
    return { workbench, home, bin };
  }

  it('P-09g P-08h P-08j is led from a helm that is too old to one that will do', async () => {
    const { workbench, bin } = await open(place =>
      writeProgram(join(place.bin, 'helm'), 'echo v3.9.4+gdbc6d8e'),
    );
    const { page } = workbench;
    try {
      await openReleases(page);
      await waitForWelcome(page, 'may not act for this repository yet');
      await clickWelcome(page, 'Trust Repository');
      await answerModal(page, 'Trust');
      await waitForWelcome(page, 'is too old: it needs 3.15 or later');
      await workbench.screenshot('window-helm-too-old');
      await page.locator('.welcome-view-content a', { hasText: 'Show Setup' }).click();
      await waitForTab(page, 'Setup.md');
      const text = await readText(page);
      assert.match(
        text,
        /^- helm is v3\.9\.4; Slipway needs 3\.15 or later, best Helm 4\. Install a newer version/m,
      );
      assert.match(text, new RegExp(`^  ${join(bin, 'helm')} \\(from PATH\\)$`, 'm'));
      await inThemes(workbench, 'window-setup');
      await rm(join(bin, 'helm'));
      await symlink(tools.helm, join(bin, 'helm'));
      await clickLens(page, 'Look Again');
      await page
        .locator('.editor-group-container.active .view-line', { hasText: 'helm v4' })
        .waitFor({ state: 'visible' });
      await clickWelcome(page, 'Look Again');
      await waitForWelcome(page, 'has not contacted any cluster');
      await opensTheWalkthrough(workbench);
    } catch (error) {
      await workbench.screenshot('window-helm-failed');
      throw error;
    }
  });

  it('P-09q P-08h is told that a newer version wrote the store', async () => {
    const { workbench } = await open(async ({ home, bin }) => {
      await symlink(tools.helm, join(bin, 'helm'));
      openEmbeddedStore({ folder: home, clock: () => new Date() }).dispose();
      const database = new DatabaseSync(join(home, 'store.db'));
      database.exec(`UPDATE meta SET value = '99' WHERE key = 'schemaVersion'`);
      database.close();
    });
    const { page } = workbench;
    await openReleases(page);
    await waitForWelcome(page, 'A newer version of Slipway has written the journal');
    await workbench.screenshot('window-newer-store');
    await page.locator('.welcome-view-content a', { hasText: 'Show Setup' }).click();
    await waitForTab(page, 'Setup.md');
    assert.match(
      await readText(page),
      /^- \S+store\.db has version 99; this program knows versions up to \d+\. Update Slipway/m,
    );
  });

  it('P-09r is told that there is no git, and sees the repository when there is one', async () => {
    const { workbench, bin } = await open(place => symlink(tools.helm, join(place.bin, 'helm')));
    const { page } = workbench;
    // A setting of the machine that names a git which is not there is as good as none.
    await workbench.changeSettings({ 'slipway.tools.git': join(bin, 'git') });
    await workbench.reload();
    await openReleases(page);
    await waitForWelcome(page, 'finds no git that it can use');
    await workbench.screenshot('window-no-git');
    await workbench.changeSettings({});
    await clickWelcome(page, 'Look Again');
    await waitForWelcome(page, 'may not act for this repository yet');
  });

  describe('with a cluster', () => {
    let started: Awaited<ReturnType<typeof startJourneyCluster>>;

    before(async () => {
      started = await startJourneyCluster();
    });
    after(() => started.end());

    it('P-09m P-09i logs in by the window, and is told that a tag is older than the chart', async () => {
      const kubeconfig = await writeAskingKubeconfig(started.cluster, join(state, 'login'));
      const journey = await startJourney({
        cluster: started.cluster,
        env: { KUBECONFIG: kubeconfig },
        createFolder: below => createWithOldTag(below, started.cluster),
      });
      ends.push(() => journey.end());
      const { workbench } = journey;
      const { page } = workbench;
      try {
        await openReleases(page);
        await clickWelcome(page, 'Trust Repository');
        await answerModal(page, 'Trust');
        await waitForWelcome(page, 'Connect Environments');
        await workbench.runCommand('Slipway: Connect Environment...');
        await pickItem(page, 'Connect Environment', 'development');
        await pickItem(
          page,
          'Connect development',
          '$(star-full) kosmos-development'.replace(/^\$\(\S+\) /, ''),
        );
        const said = await waitForNotification(page, /login asks, to log in to https:\/\/127\.0\.0\.1/);
        assert.match(said, /Password for alice:/);
        await workbench.screenshot('window-login-asks');
        await clickNotification(page, 'login asks', 'Answer...');
        await pickItem(page, 'Login: login', 'Type an answer...');
        await typeInto(page, 'Login: login', 'open sesame');
        await waitForRow(page, 'development', /nothing runs/);

        await workbench.runCommand('Slipway: Promote Release...');
        await pickItem(page, 'Promote Release', 'v1.0.0');
        await pickItem(page, 'Promote v1.0.0', 'development');
        await waitForNotification(
          page,
          /v1\.0\.0 has no folder \.\/charts\/kosmos\. origin\/main has it, so v1\.0\.0 is older than the chart/,
        );
        await workbench.screenshot('window-tag-without-chart');
        await clickNotification(page, 'has no folder', 'Open slipway.yaml');
        await waitForTab(page, 'slipway.yaml');
      } catch (error) {
        await workbench.screenshot('window-login-failed');
        throw error;
      }
    });
  });
});

async function writeProgram(path: string, script: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

/** The kubeconfig of alice, whose certificate is given out by a program that asks for her password first. */
async function writeAskingKubeconfig(cluster: Sandbox, folder: string): Promise<string> {
  const kubeconfig = parse(await readFile(cluster.kubeconfigPath('alice'), 'utf8'));
  const { user } = kubeconfig.users[0];
  const decode = (data: string) => Buffer.from(data, 'base64').toString('utf8');
  const credential = JSON.stringify({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: {
      clientCertificateData: decode(user['client-certificate-data']),
      clientKeyData: decode(user['client-key-data']),
    },
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'credential.json'), credential);
  // Asked once: helm, which has no person to ask, finds the login as kubelogin would have cached it.
  await writeProgram(
    join(folder, 'login'),
    `cd "$(dirname "$0")"
if [ ! -e cached ]; then
  printf 'Password for alice: ' >&2
  read -r password
  [ "$password" = "open sesame" ] || { echo "wrong password" >&2; exit 1; }
  touch cached
fi
cat credential.json`,
  );
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: './login',
    interactiveMode: 'IfAvailable',
  };
  kubeconfig.users[0].user = { exec };
  const path = join(folder, 'kubeconfig.yaml');
  await writeFile(path, stringify(kubeconfig));
  return path;
}

/** The sample with a tag from before there was a chart. */
async function createWithOldTag(below: string, { clusterId }: Sandbox): Promise<string> {
  const into = join(below, 'kosmos');
  const { directory } = await createSampleRepository({ into, clusterId, onProgress: () => {} });
  const repository = OwnRepository.open(directory);
  await repository.git('checkout', '--quiet', '--detach');
  await repository.git('rm', '-r', '--quiet', 'charts');
  await repository.git('commit', '--quiet', '--message', 'Before the chart');
  await repository.git('tag', '--annotate', '--message', 'v1.0.0', 'v1.0.0');
  await repository.git('push', '--quiet', 'origin', 'v1.0.0');
  await repository.git('checkout', '--quiet', 'main');
  return directory;
}

/** The walkthrough is found, each of its steps leads on, and what is done is ticked. */
async function opensTheWalkthrough(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  await workbench.runCommand('Welcome: Open Walkthrough...');
  const input = page.locator('.quick-input-widget input.input');
  await input.fill('Promote Your First Release');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Promote Your First Release' }).click();
  const steps = page.locator('.getting-started-step');
  await steps.first().waitFor({ state: 'visible' });
  assert.equal(await steps.count(), 5);
  const done = page.locator('.getting-started-step .codicon.complete');
  await done.nth(2).waitFor({ state: 'visible' });
  assert.equal(await done.count(), 3, 'opened, created and trusted');
  await page.locator('.getting-started-step', { hasText: 'Connect the environments' }).click();
  await page
    .locator('.getting-started-media svg')
    .first()
    .waitFor({ state: 'visible' })
    .catch(() => {});
  await inThemes(workbench, 'walkthrough');
}

/** Keeps a picture in each theme. */
async function inThemes(workbench: Workbench, name: string): Promise<void> {
  for (const theme of ['light', 'highContrast', 'dark'] as const) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`${name}-${theme}`);
  }
}
