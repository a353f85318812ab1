import { waitForTab } from './editorTabs.ts';
import { openedLog, waitForLogRow } from './logTab.ts';
import { waitForNotification } from './messages.ts';
import { orError, startPromotion, trustAndConnect } from './promoteByHand.ts';
import { clickRowAction, expandRow, waitForRow } from './releasesView.ts';
import { type Journey, startJourney, startJourneyCluster } from './startJourney.ts';

const environment = 'development';
const tail = 'Tail Logs...';

describe('the logs of what fails', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;

  before(async () => {
    started = await startJourneyCluster();
  });

  after(() => started.end());

  it('P-05a opens logs from the failing step, its cause, a workload and a pod in the tree', async () => {
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

  // The workload of an environment, and its pod.
  await expandRow(await waitForRow(page, environment, /v2\.1\.0/));
  const workload = await waitForRow(page, 'agent-name', /of 1/);
  await clickRowAction(workload, tail);
  const ofWorkload = await orError(page, openedLog(page));
  await waitForLogRow(ofWorkload, /agent starting, image kosmos\/agent:v2\.1\.0/);
  await workbench.runCommand('View: Close All Editors');
  await expandRow(workload);
  const pod = await waitForRow(page, /^agent-name-/, 'ready');
  const name = (await pod.locator('.label-name').textContent()) ?? '';
  await clickRowAction(pod, tail);
  await waitForTab(page, `${name} (${environment})`);
  await waitForLogRow(await orError(page, openedLog(page)), /INFO {2}http: GET/);

  await startPromotion(workbench, { release: 'v2.2.0', environment });
  await workbench.runCommand('View: Close All Editors');

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
  const ofStep = await orError(page, openedLog(page));
  await waitForLogRow(ofStep, /FATAL config: DATABASE_POOL_SIZE must be a number/);
  await waitForLogRow(ofStep, /agent starting, image kosmos\/agent:v2\.1\.0/);
  await workbench.runCommand('View: Close All Editors');
}
