import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readText, waitForTab } from './editorTabs.ts';
import { waitForNotification } from './messages.ts';
import { trustAndConnect } from './promoteByHand.ts';
import { type Journey, startJourney, startJourneyCluster } from './startJourney.ts';

describe('Slipway: Verify Journal in the window', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;
  let journey: Journey;

  before(async () => {
    started = await startJourneyCluster();
    journey = await startJourney({ cluster: started.cluster });
    await trustAndConnect(journey.workbench);
  });
  after(async () => {
    await journey?.end();
    await started?.end();
  });

  it('L-09g says that an untouched journal is whole', async () => {
    await journey.workbench.runCommand('Slipway: Verify Journal');
    // A text would fit the progress, too: "Verifying the journal".
    const message = await waitForNotification(journey.workbench.page, /The journal/);
    assert.match(message, /is whole: \d+ events/);
  });

  it('L-09g names the event that somebody has edited', async () => {
    const { page } = journey.workbench;
    editEvent(journey.home, 2);
    await journey.workbench.runCommand('Notifications: Clear All Notifications');
    await journey.workbench.runCommand('Slipway: Verify Journal');
    await waitForTab(page, 'Journal verification');
    const text = await readText(page);
    await journey.workbench.screenshot('journal-edited');
    assert.match(text, /event 2: edited/);
    assert.match(text, /environment\.connected/);
  });
});

/** What somebody with the same user's rights can do: change a fact in the file, and leave the hashes as they are. */
function editEvent(home: string, sequence: number): void {
  const database = new DatabaseSync(join(home, 'store.db'), { timeout: 5000 });
  try {
    database
      .prepare("UPDATE events SET payload = replace(payload, 'kosmos-', 'cosmos-') WHERE sequence = ?")
      .run(sequence);
  } finally {
    database.close();
  }
}
