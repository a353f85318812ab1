import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { runCommand } from '../../sandbox/runCommand.ts';
import type { Sandbox } from '../../sandbox/startCluster.ts';
import { trustAndConnect } from './promoteByHand.ts';
import { pickItem, readQuickPick, waitForQuickInput } from './quickPick.ts';
import { waitForRow } from './releasesView.ts';
import { createSample, type Journey, startJourney, startJourneyCluster } from './startJourney.ts';

/** How many releases there are beside the sample's four. */
const older = 260;

describe('the journey through hundreds of releases', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;
  let journey: Journey;

  before(async () => {
    started = await startJourneyCluster();
    journey = await startJourney({ cluster: started.cluster, createFolder: createReleases });
    await trustAndConnect(journey.workbench);
  });

  after(async () => {
    await journey?.end();
    await started?.end();
  });

  it('L-12f shows the newest, and older ones by the hundred', async () => {
    const { workbench } = journey;
    const first = await scrollTo(journey, 'Show 100 more', '214 releases are older');
    await workbench.screenshot('journey-many-releases');
    await first.click();
    const second = await scrollTo(journey, 'Show 100 more', '114 releases are older');
    await second.click();
    const last = await scrollTo(journey, 'Show 14 more', '14 releases are older');
    await last.click();
    await scrollTo(journey, 'v1.1.0', '');
  });

  it('L-12f finds an old one by typing', async () => {
    const { workbench } = journey;
    const { page } = workbench;
    await workbench.runCommand('Slipway: Promote Release...');
    await waitForQuickInput(page, 'Promote Release');
    assert.ok(!(await readQuickPick(page)).some(row => row.startsWith('v1.17.0')));
    await page.keyboard.type('v1.17. alice');
    await pickItem(page, 'Promote Release', 'v1.17.0');
    await waitForQuickInput(page, 'Promote v1.17.0');
    await workbench.screenshot('journey-many-releases-search');
    await page.keyboard.press('Escape');
  });
});

/** Moves the focus to the last row, which brings the last ones on the screen, until one of them is the wanted one. */
async function scrollTo({ workbench }: Journey, label: string, description: string): Promise<Locator> {
  const { page } = workbench;
  await workbench.runCommand('Slipway: Focus on Releases View');
  for (let attempt = 1; ; attempt += 1) {
    await page.keyboard.press('End');
    const row = await waitForRow(page, label, description, 2_000).catch(error => {
      if (attempt === 15) {
        throw error;
      }
    });
    if (row) {
      return row;
    }
  }
}

async function createReleases(below: string, cluster: Sandbox): Promise<string> {
  const directory = await createSample(below, cluster);
  const who = ['-c', 'user.name=Alice Adler', '-c', 'user.email=alice@kosmos.example'];
  for (let number = 1; number <= older; number += 1) {
    const message = `v1.${number}.0: from the archive, ${number} of ${older}`;
    const tag = ['tag', '--annotate', '--message', message, `v1.${number}.0`, 'v2.0.0'];
    await runCommand('git', [...who, ...tag], { cwd: directory });
  }
  return directory;
}
