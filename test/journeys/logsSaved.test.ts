import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../sandbox/waitFor.ts';
import { openedLog, waitForLogRow } from './logTab.ts';
import { answerModal, readModal } from './messages.ts';
import { orError, trustAndConnect } from './promoteByHand.ts';
import { pickItem } from './quickPick.ts';
import { type Journey, runByHand, startJourney, startJourneyCluster } from './startJourney.ts';

const environment = 'production';

describe('saving the log of an environment with live data', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;
  let journey: Journey;

  before(async () => {
    started = await startJourneyCluster();
    journey = await startJourney({ cluster: started.cluster });
  });
  after(async () => {
    await journey?.end();
    await started?.end();
  });

  it('P-05m asks first, and then writes a file that only its user may read', async () => {
    try {
      await savesTheLog(journey);
    } catch (error) {
      await journey.workbench.screenshot('journey-logs-saved-failed');
      throw error;
    }
  });
});

async function savesTheLog({ workbench, cluster, folder }: Journey): Promise<void> {
  const { page } = workbench;
  await runByHand(cluster);
  await trustAndConnect(workbench);
  await workbench.runCommand('Slipway: Tail Logs...');
  await pickItem(page, 'Tail Logs', environment);
  const log = await orError(page, openedLog(page));
  await waitForLogRow(log, /agent starting, image kosmos\/agent:v2\.0\.0/);

  await log.getByRole('button', { name: 'Save...' }).click();
  const { message, detail } = await readModal(page);
  assert.match(message, /^production holds live data, and its logs may too\./);
  assert.match(detail, /Only you can read the file\./);
  await workbench.screenshot('logs-save-live');
  await answerModal(page, 'Cancel');
  await log.getByRole('button', { name: 'Save...' }).click();
  await answerModal(page, 'Save Anyway...');

  // The name that it proposes: one that is typed counts only when the dialog has taken it in, which cannot be seen.
  const path = join(folder, 'agent-name-production.log');
  const input = page.locator('.quick-input-widget input.input');
  const proposes = async () => (await input.inputValue()) === path;
  await orError(page, waitFor('the proposed name', proposes, { limitMs: 30_000 }));
  await page.keyboard.press('Enter');
  await log.getByText(`lines to ${path}.`).waitFor();
  const text = await readFile(path, 'utf8');
  assert.match(text, /^\d{4}-\S+Z .*agent starting, image kosmos\/agent:v2\.0\.0$/m);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
}
