import assert from 'node:assert/strict';
import { waitForNotification } from './messages.ts';
import { orError, rollBack, startPromotion, trustAndConnect } from './promoteByHand.ts';
import { foldChecklist, readReleases, type TreeRow, waitForNoRow, waitForRow } from './releasesView.ts';
import { type Journey, readImage, readRevisions, startJourneyCluster } from './startJourney.ts';
import { failWithoutHelm, takeJourney } from './takeJourney.ts';

const environment = 'development';
const namespace = 'kosmos-development';

describe('the journey with a bad release', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;

  before(async () => {
    started = await startJourneyCluster();
  });

  after(() => started.end());

  it('L-21b fails when helm is replaced by true', async () => {
    await failWithoutHelm(started.cluster, meetsABadRelease);
  });

  it('L-21a L-15a L-16b L-17d shows why v2.2.0 fails while it runs, and rolls it back', async () => {
    await takeJourney(started.cluster, 'bad-release', meetsABadRelease);
  });
});

async function meetsABadRelease(journey: Journey): Promise<void> {
  const { workbench, cluster } = journey;
  const { page } = workbench;
  await trustAndConnect(workbench);
  await foldChecklist(page);
  await startPromotion(workbench, { release: 'v2.1.0', environment });
  await orError(page, waitForNotification(page, `v2.1.0 runs in ${environment}`));

  await startPromotion(workbench, { release: 'v2.2.0', environment });
  await orError(page, waitForRow(page, /^FATAL /, 'DATABASE_POOL_SIZE must be a number'));
  await workbench.screenshot('journey-bad-release-cause');
  isBesideTheRunningStep(await readReleases(page));

  const failed = await waitForNotification(page, 'v2.2.0 to development failed', 120_000);
  assert.match(failed, /CrashLoopBackOff/);
  await waitForRow(page, environment, /failing since/);
  assert.deepEqual(await readRevisions(cluster, namespace), ['1 deployed', '2 failed']);

  const question = await rollBack(workbench, environment);
  assert.match(question, /development back to v2\.1\.0/);
  await orError(page, waitForNotification(page, `v2.1.0 runs in ${environment}`));
  await waitForRow(page, environment, /v2\.1\.0.*healthy since/);
  await workbench.screenshot('journey-bad-release-end');
  assert.equal(await readImage(cluster, namespace), 'kosmos/agent:v2.1.0');
  await waitForNoRow(page, 'CrashLoopBackOff');
}

/** The cause hangs below the step that Helm still runs. */
function isBesideTheRunningStep(rows: readonly TreeRow[]): void {
  const step = rows.findIndex(row => row.label === 'helm upgrade kosmos');
  const cause = rows.findIndex(row => row.label === 'CrashLoopBackOff');
  assert.equal(rows[step]?.description, 'running');
  assert.ok(cause > step, 'the cause is not below the step');
  assert.equal(rows[cause]?.level, (rows[step]?.level ?? 0) + 1);
  assert.match(rows[cause]?.spoken ?? '', /^Cause: CrashLoopBackOff, pod agent-name-/);
}
