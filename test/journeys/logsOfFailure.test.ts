import { openedLog, waitForLogRow } from './logTab.ts';
import { waitForNotification } from './messages.ts';
import { orError, startPromotion, trustAndConnect } from './promoteByHand.ts';
import { clickRowAction, waitForRow } from './releasesView.ts';
import { type Journey, startJourney, startJourneyCluster } from './startJourney.ts';

const environment = 'development';
const tail = 'Tail Logs...';

describe('the logs of what fails', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;

  before(async () => {
    started = await startJourneyCluster();
  });

  after(() => started.end());

  it('P-05a opens logs from the failing step and from its cause in the tree', async () => {
    const journey = await startJourney({ cluster: started.cluster });
    try {
      await opensLogsFromTheTree(journey);
    } catch (error) {
      await journey.workbench.screenshot('journey-logs-of-failure-failed');
      throw error;
    } finally {
      await journey.end();
    }
  });
});

async function opensLogsFromTheTree({ workbench }: Journey): Promise<void> {
  const { page } = workbench;
  await trustAndConnect(workbench);
  await startPromotion(workbench, { release: 'v2.1.0', environment });
  await orError(page, waitForNotification(page, `v2.1.0 runs in ${environment}`));
  await startPromotion(workbench, { release: 'v2.2.0', environment });

  // The cause: the pod that crashes, also what it said before its last restart.
  const cause = await orError(page, waitForRow(page, 'CrashLoopBackOff', '', 60_000));
  await clickRowAction(cause, tail);
  const ofPod = await orError(page, openedLog(page));
  await waitForLogRow(ofPod, /FATAL config: DATABASE_POOL_SIZE must be a number/);
  await workbench.screenshot('logs-of-cause');
  await workbench.runCommand('View: Close All Editors');

  // The step that waits for it: the log of the failing workload, with every pod.
  const step = await waitForRow(page, 'helm upgrade kosmos');
  await clickRowAction(step, tail);
  // Not orError: by now the window may say that the release has failed, as it should.
  const ofStep = await openedLog(page);
  await waitForLogRow(ofStep, /FATAL config: DATABASE_POOL_SIZE must be a number/);
  await waitForLogRow(ofStep, /agent starting, image kosmos\/agent:v2\.1\.0/);
  await workbench.runCommand('View: Close All Editors');
}
