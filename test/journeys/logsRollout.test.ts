import assert from 'node:assert/strict';
import { openedLog, readLogRows, showTab, waitForLogRow, watchPolicy } from './logTab.ts';
import { waitForNotification } from './messages.ts';
import { orError, startPromotion, trustAndConnect } from './promoteByHand.ts';
import { pickItem } from './quickPick.ts';
import { openReleases, waitForRow } from './releasesView.ts';
import { type Journey, startJourney, startJourneyCluster } from './startJourney.ts';

const environment = 'development';
const tab = `agent-name (${environment})`;

describe('the journey with the logs of a rollout', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;

  before(async () => {
    started = await startJourneyCluster();
  });

  after(() => started.end());

  it('P-14c P-05a P-05c P-05o follows the logs from the old pods to the new, over a reload of the window', async () => {
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

  // From the palette: environment, then the only workload.
  await workbench.runCommand('Slipway: Tail Logs...');
  await pickItem(page, 'Tail Logs', environment);
  const before = await orError(page, openedLog(page));
  const readViolations = await watchPolicy(before);
  await waitForLogRow(before, /agent starting, image kosmos\/agent:v2\.1\.0/);
  await workbench.screenshot('logs-before');
  assert.equal(await readViolations(), 0);

  // The plan's tab hides the log; it goes on without its page.
  await startPromotion(workbench, { release: 'v2.1.1', environment });
  await showTab(page, tab);
  const during = await openedLog(page);
  await waitForLogRow(during, /Note: \w+ Pod agent-name-\S+, container agent, joined\./);
  await waitForLogRow(during, /agent starting, image kosmos\/agent:v2\.1\.1/);
  await waitForLogRow(during, /warm-up: \d+ of 480 routes loaded/);
  await isWholeAndTold(await readLogRows(during));
  // The window is loaded anew: the same log, with everything that it had, and it goes on.
  await workbench.reload();
  const after = await openedLog(page);
  await waitForLogRow(after, /agent starting, image kosmos\/agent:v2\.1\.0/);
  await waitForLogRow(after, /agent starting, image kosmos\/agent:v2\.1\.1/);
  await isWholeAndTold(await readLogRows(after));
  // Where the rollout ended before, the window that was there said so: this one shows it.
  await openReleases(page);
  await waitForRow(page, environment, /v2\.1\.1.*healthy since/, 120_000);
  await waitForLogRow(after, /INFO {2}http: GET/);
  await after.getByRole('button', { name: 'Pods and Containers' }).click();
  await after.getByText(/^ended: The pod was deleted/).waitFor();
  assert.equal(await after.getByRole('checkbox', { name: /^agent-name-/ }).count(), 2);
  await workbench.screenshot('logs-rollout-end');
  for (const theme of ['light', 'highContrast', 'dark'] as const) {
    await workbench.setTheme(theme);
    await waitForLogRow(after, /INFO {2}http: GET/);
    await workbench.screenshot(`logs-rollout-${theme}`);
  }
}

/** Lines of both pods, told apart, each in the order of its numbers. */
async function isWholeAndTold(rows: readonly string[]): Promise<void> {
  const starts = rows.filter(row => row.includes('agent starting, image'));
  const tags = starts.map(row => /^[\d:. -]+ (\w+) INFO/.exec(row)?.[1]);
  assert.equal(starts.length, 2, rows.join('\n'));
  assert.match(starts[0] ?? '', /v2\.1\.0/);
  assert.match(starts[1] ?? '', /v2\.1\.1/);
  assert.ok(tags[0] && tags[1] && tags[0] !== tags[1], `the pods are not told apart: ${tags.join()}`);
  const requests = rows.filter(row => row.includes(` ${tags[0]} `) && row.includes('request='));
  assert.equal(
    new Set(requests.map(row => row.replace(/^[\d:. -]+/, ''))).size,
    requests.length,
    'a line is there twice',
  );
}
