import assert from 'node:assert/strict';
import { openedLog, readLogRows, waitForLogRow } from './logTab.ts';
import { waitForNotification } from './messages.ts';
import { orError, startPromotion, trustAndConnect } from './promoteByHand.ts';
import { pickItem } from './quickPick.ts';
import { type Journey, startJourney, startJourneyCluster } from './startJourney.ts';

const environment = 'development';

describe('the journey with the logs of a rollout', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;

  before(async () => {
    started = await startJourneyCluster();
  });

  after(() => started.end());

  it('P-14c follows the logs from the old pods to the new', async () => {
    const journey = await startJourney({ cluster: started.cluster });
    try {
      await followsTheRollout(journey);
    } catch (error) {
      await journey.workbench.screenshot('journey-logs-failed');
      throw error;
    } finally {
      await journey.end();
    }
  });
});

async function followsTheRollout({ workbench }: Journey): Promise<void> {
  const { page } = workbench;
  await trustAndConnect(workbench);
  await startPromotion(workbench, { release: 'v2.1.0', environment });
  await orError(page, waitForNotification(page, `v2.1.0 runs in ${environment}`));
  await workbench.runCommand('Notifications: Clear All Notifications');

  await workbench.runCommand('Slipway: Tail Logs...');
  await pickItem(page, 'Tail Logs', environment);
  const log = await orError(page, openedLog(page));
  await waitForLogRow(log, /starting, image kosmos\/agent:v2\.1\.0/);
  const old = await readLogRows(log);
  console.log(old.join('\n'));
  await workbench.screenshot('logs-old-pods');
  assert.ok(old.length > 2);
}
