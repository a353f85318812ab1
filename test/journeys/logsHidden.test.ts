import assert from 'node:assert/strict';
import { readTabs, waitForTab } from './editorTabs.ts';
import { openedLog, waitForLogRow } from './logTab.ts';
import { orError, trustAndConnect } from './promoteByHand.ts';
import { pickItem } from './quickPick.ts';
import { openReleases, waitForRow } from './releasesView.ts';
import { type Journey, runByHand, startJourney, startJourneyCluster } from './startJourney.ts';

const environment = 'production';
const title = `agent-name (${environment})`;

describe('the tab of a log that a window hides when it is loaded anew', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;
  let journey: Journey;

  before(async () => {
    started = await startJourneyCluster();
    journey = await startJourney({ cluster: started.cluster });
  });
  after(async () => {
    await journey?.end();
    await started?.end();
  });

  it('P-05o is shown when its log is asked for, instead of a second one beside it', async () => {
    try {
      await showsTheHiddenTab(journey);
    } catch (error) {
      await journey.workbench.screenshot('journey-logs-hidden-failed');
      throw error;
    }
  });
});

async function showsTheHiddenTab({ workbench, cluster }: Journey): Promise<void> {
  const { page } = workbench;
  await runByHand(cluster);
  await trustAndConnect(workbench);
  await tailLogs();
  const before = await orError(page, openedLog(page));
  await waitForLogRow(before, /agent starting, image kosmos\/agent:v2\.0\.0/);
  await before.getByRole('textbox', { name: 'Only lines with' }).fill('agent starting');
  await before.getByText(/that fit, of/).waitFor();
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input.input').fill('slipway.yaml');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'slipway.yaml' }).first().click();
  await waitForTab(page, 'slipway.yaml');

  // By the command: it writes down first which tabs there are.
  await Promise.all([page.waitForEvent('load'), workbench.runCommand('Developer: Reload Window')]);
  await openReleases(page);
  await waitForRow(page, environment, /^(?!.*(?:not connected|connecting))/);
  await waitForTab(page, 'slipway.yaml');
  assert.equal((await readLogTabs()).length, 1, 'the window has kept the tab');
  await tailLogs();
  await waitForTab(page, title);
  const after = await orError(page, openedLog(page));
  await waitForLogRow(after, /agent starting, image kosmos\/agent:v2\.0\.0/);
  assert.deepEqual(await readLogTabs(), [title]);
  // It is the tab that was there, and not one that took its place.
  assert.equal(await after.getByRole('textbox', { name: 'Only lines with' }).inputValue(), 'agent starting');

  async function tailLogs(): Promise<void> {
    await workbench.runCommand('Slipway: Tail Logs...');
    await pickItem(page, 'Tail Logs', environment);
  }

  async function readLogTabs(): Promise<readonly string[]> {
    return (await readTabs(page)).filter(label => label === title);
  }
}
