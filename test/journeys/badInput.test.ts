import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openEmbeddedStore } from '../../daemon/store/embedded/openEmbeddedStore.ts';
import { ensureTools, type Tools } from '../../sandbox/ensureTools.ts';
import { createSampleRepository } from '../../sandbox/sampleRepository.ts';
import { buildSandboxEnvironment, stopSandboxDaemon } from '../../sandbox/sandboxDaemon.ts';
import { readText, waitForTab } from './editorTabs.ts';
import { openReleases, waitForWelcome } from './releasesView.ts';
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

  it('P-09r is told that there is no git, and goes on by itself when there is', async () => {
    const { workbench, bin } = await open(place => symlink(tools.helm, join(place.bin, 'helm')));
    const { page } = workbench;
    // A setting of the machine that names a git which is not there is as good as none.
    await workbench.changeSettings({ 'slipway.tools.git': join(bin, 'git') });
    await workbench.reload();
    await openReleases(page);
    await waitForWelcome(page, 'finds no git that it can use');
    await workbench.screenshot('window-no-git');
    await workbench.changeSettings({});
    await waitForWelcome(page, 'Trust Repository');
  });
});
