import assert from 'node:assert/strict';
import { findDaemon } from '../../daemon/client/findDaemon.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { waitForNotification } from './messages.ts';
import { orError, startPromotion, trustAndConnect } from './promoteByHand.ts';
import { foldChecklist, openReleases, readReleases, waitForRow } from './releasesView.ts';
import {
  type Journey,
  readImage,
  readRevisions,
  startJourneyCluster,
  whilePodsWait,
} from './startJourney.ts';
import { failWithoutHelm, takeJourney } from './takeJourney.ts';

const environment = 'development';
const namespace = 'kosmos-development';
const promotion = 'v2.1.1 \u2192 development';

describe('the journey through a bad night', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;

  before(async () => {
    started = await startJourneyCluster();
  });

  after(() => started.end());

  it('L-22b fails when helm is replaced by true', async () => {
    await failWithoutHelm(started.cluster, survivesTheNight);
  });

  it('L-22a L-19a keeps v2.1.1 going over a reload of the window and the death of the daemon', async () => {
    await takeJourney(started.cluster, 'bad-night', survivesTheNight);
  });
});

async function survivesTheNight(journey: Journey): Promise<void> {
  const { workbench, cluster } = journey;
  const { page } = workbench;
  await trustAndConnect(workbench);
  await foldChecklist(page);
  await startPromotion(workbench, { release: 'v2.1.0', environment });
  await orError(page, waitForNotification(page, `v2.1.0 runs in ${environment}`));

  await startPromotion(workbench, { release: 'v2.1.1', environment });
  const before = await whilePodsWait(cluster, async () => {
    await reloadsInTheMiddle(journey);
    const pid = readDaemonPid(journey);
    process.kill(pid, 'SIGKILL');
    return pid;
  });
  await waitFor('another daemon', async () => readDaemonPid(journey) !== before, { limitMs: 30_000 });
  await workbench.screenshot('journey-bad-night-killed');

  await orError(page, waitForNotification(page, `v2.1.1 runs in ${environment}`, 120_000));
  await waitForRow(page, environment, /v2\.1\.1.*healthy since/);
  assert.equal(await readImage(cluster, namespace), 'kosmos/agent:v2.1.1');
  // Helm ran once: a second run would be a third revision.
  assert.deepEqual(await readRevisions(cluster, namespace), ['1 superseded', '2 deployed']);
}

async function reloadsInTheMiddle({ workbench }: Journey): Promise<void> {
  const { page } = workbench;
  await orError(page, waitForRow(page, 'helm upgrade kosmos', 'running'));
  await waitForRow(page, 'agent-name', /of 1/);
  await workbench.reload();
  await openReleases(page);
  await waitForRow(page, promotion, /running/);
  const rows = await readReleases(page);
  const steps = rows.filter(row => row.level === 2).slice(0, 3);
  assert.deepEqual(
    steps.map(row => row.label),
    ['helm upgrade kosmos', 'helm status kosmos', 'deployment/agent-name runs kosmos/agent:v2.1.1'],
  );
  await waitForRow(page, 'agent-name', /of 1/);
  await workbench.screenshot('journey-bad-night-reloaded');
}

function readDaemonPid({ home }: Journey): number {
  const found = findDaemon(home);
  if (found.state !== 'found') {
    throw new Error(`No daemon: ${found.reason}`);
  }
  return found.discovery.pid;
}
