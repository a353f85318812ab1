import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { waitForChecklist } from './checklistPanel.ts';
import { waitForTab } from './editorTabs.ts';
import { openedLog, showTab, waitForLogRow } from './logTab.ts';
import { answerModal } from './messages.ts';
import { promoteInOtherWindow } from './otherWindow.ts';
import { choosePromotion, orError, trustAndConnect } from './promoteByHand.ts';
import { pickItem } from './quickPick.ts';
import { selectRow, waitForRow } from './releasesView.ts';
import { type Journey, startJourney, startJourneyCluster } from './startJourney.ts';

const release = 'v2.1.0';

/** What each tab must show before its picture is taken. */
const tabs = {
  plan: 'Plan v2.1.0',
  live: 'staging: live cluster \u2194 v2.1.0',
  stored: 'staging: Helm\u2019s manifest \u2194 v2.1.0',
  timeline: 'Timeline v2.1.0',
  setup: 'Setup',
  logs: 'agent-name (development)',
} as const;

describe('the pictures of the views', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;
  let journey: Journey;

  before(async () => {
    started = await startJourneyCluster();
    journey = await startJourney({ cluster: started.cluster });
    await openEverything(journey);
  });
  after(async () => {
    await journey?.end();
    await started?.end();
  });

  for (const theme of ['light', 'dark', 'highContrast', 'highContrastLight'] as const) {
    it(`P-15a P-15b are taken of every view in ${theme}`, async () => {
      const { page, setTheme, screenshot } = journey.workbench;
      await setTheme(theme);
      await waitForRow(page, 'development', /healthy/);
      await waitForChecklist(page, 'to production');
      for (const [name, title] of Object.entries(tabs)) {
        await showTab(page, title);
        await waitForTab(page, title);
        if (name === 'logs') {
          await waitForLogRow(await openedLog(page), /agent starting/);
        }
        assert.ok((await readFile(await screenshot(`view-${name}-${theme}`))).length > 10_000, name);
      }
    });
  }
});

/** Releases with something that runs, the checklist of production, and a tab of each kind. */
async function openEverything(journey: Journey): Promise<void> {
  const { workbench } = journey;
  const { page } = workbench;
  await trustAndConnect(workbench);
  await promoteInOtherWindow(journey, { environment: 'development', release });
  await waitForRow(page, 'development', /v2\.1\.0/);
  await choosePromotion(workbench, { release, environment: 'staging' });
  await answerModal(page, 'Read the Plan First');
  await waitForTab(page, tabs.plan);
  await workbench.runCommand('View: Keep Editor');
  // From the palette, as who cannot reach a CodeLens: first from the plan, then from a diff of it.
  await workbench.runCommand('Slipway: Diff Against the Live Cluster');
  await waitForTab(page, tabs.live);
  await workbench.runCommand("Slipway: Diff Against Helm's Stored Manifest");
  await waitForTab(page, tabs.stored);
  await workbench.runCommand('Slipway: Show Timeline');
  await waitForTab(page, tabs.timeline);
  await workbench.runCommand('View: Keep Editor');
  await workbench.runCommand('Slipway: Show Setup');
  await waitForTab(page, tabs.setup);
  await workbench.runCommand('View: Keep Editor');
  await workbench.runCommand('Notifications: Clear All Notifications');
  // Last: the keys belong to the log's page from then on.
  await workbench.runCommand('Slipway: Tail Logs...');
  await pickItem(page, 'Tail Logs', 'development');
  await orError(page, waitForTab(page, tabs.logs));
  await selectRow(page, 'production');
}
