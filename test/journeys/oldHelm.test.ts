import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../../sandbox/startCluster.ts';
import { waitForTab } from './editorTabs.ts';
import { answerModal, clickNotification, waitForNotification } from './messages.ts';
import { choosePromotion, orError, startPromotion } from './promoteByHand.ts';
import { acceptTicked, pickItem } from './quickPick.ts';
import {
  clickWelcome,
  openReleases,
  readWelcome,
  readWelcomeButtons,
  waitForNoRow,
  waitForRow,
  waitForWelcome,
} from './releasesView.ts';
import { type Journey, startJourney, startJourneyCluster } from './startJourney.ts';

const environment = 'development';
const tooOld = 'helm is v3.9.4; Slipway needs 3.15 or later, best Helm 4.';

describe('the journey of somebody whose helm is too old', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;
  let toolFolder: string;
  let journey: Journey;

  before(async () => {
    started = await startJourneyCluster();
    toolFolder = await createOldTools(started.cluster);
    journey = await startJourney({ cluster: started.cluster, toolFolder });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await journey.workbench.screenshot('journey-old-helm-failed');
    }
  });
  after(async () => {
    await journey?.end();
    await started?.end();
    await rm(toolFolder, { recursive: true });
  });

  it('P-09g P-08i is told in the view, names another one in the settings, and promotes without a reload', async () => {
    const { workbench, cluster } = journey;
    const { page } = workbench;
    await openReleases(page);
    await waitForWelcome(page, 'Trust Repository');
    await clickWelcome(page, 'Trust Repository');
    await answerModal(page, 'Trust');
    await waitForWelcome(page, 'The helm that Slipway finds is too old: it needs 3.15 or later');
    assert.match(
      await readWelcome(page),
      /Show Setup says which one it is\. After a change of PATH, restart the daemon/,
    );
    assert.deepEqual(await readWelcomeButtons(page), ['Name Another Path', 'Look Again']);
    await workbench.screenshot('window-helm-too-old');
    await clickWelcome(page, 'Name Another Path');
    const setting = page.locator('.settings-editor .setting-item-contents', { hasText: 'Tools: Helm' });
    await setting.locator('input').fill(cluster.tools.helm);
    await workbench.screenshot('window-helm-too-old-setting');
    // The editor marks what it has written.
    await page.locator('.settings-editor .setting-item-contents.is-configured').waitFor();
    await page.keyboard.press('Escape');
    await waitForWelcome(page, 'Connect Environments');
    await clickWelcome(page, 'Connect Environments');
    await acceptTicked(page, 'Connect Environments');
    await waitForRow(page, 'production');
    await startPromotion(workbench, { release: 'v2.1.0', environment });
    await orError(page, waitForNotification(page, `v2.1.0 runs in ${environment}`));
  });

  it('P-09g is told above the tree and when planning, until there is a good one in PATH', async () => {
    const { workbench, cluster } = journey;
    const { page } = workbench;
    await workbench.changeSettings({});
    await waitForRow(page, tooOld);
    await workbench.runCommand('Slipway: Promote Release...');
    await pickItem(page, 'Promote Release', 'v2.1.1');
    await pickItem(page, 'Promote v2.1.1', environment);
    const said = await waitForNotification(page, 'helm is v3.9.4');
    assert.equal(
      said,
      `${tooOld} Install a newer version of the tool, or name another path in the settings (slipway.tools).`,
    );
    await workbench.screenshot('window-helm-too-old-plan');
    await clickNotification(page, 'helm is v3.9.4', 'Show Setup');
    await waitForTab(page, 'Setup.md');

    await rm(join(toolFolder, 'helm'));
    await symlink(cluster.tools.helm, join(toolFolder, 'helm'));
    await workbench.runCommand('Slipway: Refresh Releases');
    await waitForNoRow(page, tooOld);
    await choosePromotion(workbench, { release: 'v2.1.1', environment });
  });
});

/** Tools among which helm is a program that says only how old it is. */
async function createOldTools(cluster: Sandbox): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-old-'));
  await writeFile(join(folder, 'helm'), '#!/bin/sh\necho v3.9.4+gdbc6d8e\n', { mode: 0o755 });
  await symlink(cluster.tools.kubectl, join(folder, 'kubectl'));
  return folder;
}
