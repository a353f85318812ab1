import assert from 'node:assert/strict';
import { runCommand } from '../../sandbox/runCommand.ts';
import type { Sandbox } from '../../sandbox/startCluster.ts';
import { readText, waitForTab } from './editorTabs.ts';
import { clickNotification, waitForNotification } from './messages.ts';
import { trustAndConnect } from './promoteByHand.ts';
import { pickItem } from './quickPick.ts';
import { waitForRow } from './releasesView.ts';
import { createSample, type Journey, startJourney, startJourneyCluster } from './startJourney.ts';

const environment = 'development';

describe('the journey with a tag that has no chart', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;
  let journey: Journey;

  before(async () => {
    started = await startJourneyCluster();
    journey = await startJourney({ cluster: started.cluster, createFolder: createWithOldTag });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await journey.workbench.screenshot('journey-missing-chart-failed');
    }
  });
  after(async () => {
    await journey?.end();
    await started?.end();
  });

  it('P-09h P-09i says that it is older than the chart, and leads to slipway.yaml; nothing is begun', async () => {
    const { workbench } = journey;
    const { page } = workbench;
    await trustAndConnect(workbench);
    await workbench.runCommand('Slipway: Promote Release...');
    await pickItem(page, 'Promote Release', 'v1.0.0');
    await pickItem(page, 'Promote v1.0.0', environment);
    const said = await waitForNotification(page, 'v1.0.0 has no folder');
    assert.equal(
      said,
      'v1.0.0 has no folder ./charts/kosmos. origin/main has it, so v1.0.0 is older than the chart: ' +
        'promote a later release, or tag a commit that has it.',
    );
    await workbench.screenshot('window-missing-chart');
    await clickNotification(page, 'v1.0.0 has no folder', 'Open slipway.yaml');
    await waitForTab(page, 'slipway.yaml');
    assert.match(await readText(page), /^\s+chart: \.\/charts\/kosmos$/m);
    await waitForRow(page, environment, /nothing runs/);
  });
});

/** The sample with a tag of the time before it had a chart. */
async function createWithOldTag(below: string, cluster: Sandbox): Promise<string> {
  const folder = await createSample(below, cluster);
  const git = (...args: string[]) => runCommand('git', args, { cwd: folder });
  await git('checkout', '--quiet', '--detach');
  await git('rm', '-r', '--quiet', 'charts');
  await git('commit', '--quiet', '--message', 'Begin without a chart');
  await git('tag', '--annotate', '--message', 'v1.0.0', 'v1.0.0');
  await git('push', '--quiet', 'origin', 'v1.0.0');
  await git('checkout', '--quiet', 'main');
  return folder;
}
