import assert from 'node:assert/strict';
import { clickLens, readLenses, readText, waitForTab } from './editorTabs.ts';
import { answerModal, clickNotification, waitForNotification } from './messages.ts';
import { tickInOtherWindow } from './otherWindow.ts';
import { choosePromotion, confirmStart, orError, trustAndConnect } from './promoteByHand.ts';
import { pickItem } from './quickPick.ts';
import { clickRowAction, waitForNoRow, waitForRow } from './releasesView.ts';
import { type Journey, readImage, readRevisions, startJourneyCluster } from './startJourney.ts';
import { failWithoutHelm, takeJourney } from './takeJourney.ts';

const release = 'v2.1.0';

describe('the journey from the first start to production', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;

  before(async () => {
    started = await startJourneyCluster();
  });

  after(() => started.end());

  it('L-20b fails when helm is replaced by true', async () => {
    await failWithoutHelm(started.cluster, goToProduction);
  });

  it('L-20a L-14a L-14d L-14e L-15c brings v2.1.0 through every environment by hand', async () => {
    await takeJourney(started.cluster, 'first-start', async journey => {
      await goToProduction(journey);
      await journey.workbench.screenshot('journey-first-start-end');
    });
  });
});

async function goToProduction(journey: Journey): Promise<void> {
  const { workbench, cluster } = journey;
  const { page } = workbench;
  await trustAndConnect(workbench);
  await isHeldByOrder(journey);

  // From the palette, with a look at the plan and its diffs first.
  await choosePromotion(workbench, { release, environment: 'development' });
  await answerModal(page, 'Read the Plan First');
  assert.match(
    await readText(page),
    /^helm upgrade kosmos \.\/charts\/kosmos\n {2}--namespace kosmos-development/m,
  );
  await looksAtDiffs(journey);
  await clickLens(page, 'Start Promotion');
  assert.equal(await confirmStart(workbench, { release, environment: 'development' }), 'modal');
  await hasArrived(journey, 'development', 'kosmos-development');
  await seesOutput(journey);

  // From the tree.
  const row = await waitForRow(page, release, /in development/);
  await clickRowAction(row, 'Promote Release...');
  await pickItem(page, `Promote ${release}`, 'staging');
  assert.equal(await confirmStart(workbench, { release, environment: 'staging' }), 'modal');
  await hasArrived(journey, 'staging', 'kosmos-staging');

  // Another window of the same person has the checklist open.
  assert.equal((await tickInOtherWindow(journey, { release, environment: 'production' })).length, 8);

  // From the CodeLens beside the environment; production wants its name typed.
  await workbench.runCommand('Slipway: Open slipway.yaml');
  await waitForTab(page, 'slipway.yaml');
  await clickLens(page, 'Promote to production');
  await pickItem(page, 'Promote to production', release);
  assert.equal(await confirmStart(workbench, { release, environment: 'production' }), 'typed');
  await hasArrived(journey, 'production', 'kosmos');

  for (const namespace of ['kosmos-development', 'kosmos-staging', 'kosmos']) {
    assert.equal(await readImage(cluster, namespace), 'kosmos/agent:v2.1.0');
    assert.deepEqual(await readRevisions(cluster, namespace), ['1 deployed']);
  }
  await readsTheTimeline(journey);
}

/** Production first: the plan is shown with the gate that holds it, and nothing can be started. */
async function isHeldByOrder({ workbench }: Journey): Promise<void> {
  const { page } = workbench;
  await choosePromotion(workbench, { release, environment: 'production' });
  const said = await waitForNotification(page, /cannot go to production now/);
  assert.match(said, /staging/);
  await page.locator('.codelens-decoration a', { hasText: 'Held back' }).waitFor();
  assert.ok(!(await readLenses(page)).some(lens => lens.includes('Start Promotion')));
}

async function looksAtDiffs({ workbench }: Journey): Promise<void> {
  const { page } = workbench;
  for (const [lens, tab] of [
    ['Diff against Helm\u2019s stored manifest', /Helm\u2019s manifest/],
    ['Diff against the live cluster', /live cluster/],
  ] as const) {
    await clickLens(page, lens);
    await waitForTab(page, tab);
    const changed = page.locator('.editor-group-container.active .modified .view-line', {
      hasText: 'kind: Deployment',
    });
    await orError(page, changed.first().waitFor({ state: 'visible' }));
    await workbench.runCommand('View: Close Editor');
    await waitForTab(page, 'Plan v2.1.0');
  }
}

async function hasArrived(
  { workbench, cluster }: Journey,
  environment: string,
  namespace: string,
): Promise<void> {
  const { page } = workbench;
  await orError(page, waitForNotification(page, `${release} runs in ${environment}`));
  await waitForRow(page, environment, new RegExp(`${release}.*healthy since`));
  assert.equal(await readImage(cluster, namespace), 'kosmos/agent:v2.1.0');
  await waitForNoRow(page, `${release} \u2192 ${environment}`);
}

async function seesOutput({ workbench }: Journey): Promise<void> {
  const { page } = workbench;
  await workbench.runCommand('Slipway: Show Output');
  await page
    .locator('.part.panel .view-line', { hasText: 'KOSMOS agent v2.1.0 is in kosmos-development' })
    .first()
    .waitFor();
  await page.locator('.part.panel .view-line', { hasText: 'exit code 0' }).first().waitFor();
  await workbench.runCommand('View: Hide Panel');
}

async function readsTheTimeline({ workbench }: Journey): Promise<void> {
  const { page } = workbench;
  await clickNotification(page, `${release} runs in production`, 'Show Timeline');
  await waitForTab(page, 'Timeline v2.1.0');
  const text = await readText(page);
  assert.match(text, /^# v2\.1\.0 \u2192 production: succeeded$/m);
  assert.match(text, /promotion\.started/);
  assert.match(text, /promotion\.ended/);
  await workbench.runCommand('Slipway: Verify Journal');
  await waitForNotification(page, /events/);
}
