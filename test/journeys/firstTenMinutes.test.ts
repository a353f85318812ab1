import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { parseProcedure } from '../../daemon/sources/procedure/parseProcedure.ts';
import { runCommand } from '../../sandbox/runCommand.ts';
import type { Sandbox } from '../../sandbox/startCluster.ts';
import { buildChart, OwnRepository } from '../cluster/ownRepository.ts';
import { readText, waitForTab } from './editorTabs.ts';
import { waitForNotification } from './messages.ts';
import { orError, startPromotion, trustAndConnect } from './promoteByHand.ts';
import { answerPrompt } from './quickPick.ts';
import { clickWelcome, openReleases, waitForRow, waitForWelcome } from './releasesView.ts';
import { type Journey, startJourney, startJourneyCluster } from './startJourney.ts';

const release = 'v1.0.0';

/** A folder as people have it before Slipway: a chart, values, git; no remote, no tag, no slipway.yaml. */
async function createShop(below: string): Promise<string> {
  const repository = await OwnRepository.create(join(below, 'shop'));
  await repository.commit('A shop', {
    ...buildChart('charts/shop', { kind: 'Deployment', name: 'shop', repository: 'example/shop' }),
    'values-staging.yaml': 'replicas: 1\n',
    'values-production.yaml': 'replicas: 2\n',
    'docs/deployment-procedures.md': '# How we deploy\n\nStaging first, then production.\n',
  });
  await repository.git('config', 'user.name', 'Sam Stranger');
  await repository.git('config', 'user.email', 'sam@shop.example');
  return repository.folder;
}

describe('the journey of the first ten minutes', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;

  before(async () => {
    started = await startJourneyCluster();
  });

  after(() => started.end());

  it('P-14d goes from a folder with a chart and git, without a remote, to a release in production', async () => {
    const begun = performance.now();
    const journey = await startJourney({ cluster: started.cluster, createFolder: createShop });
    const { workbench, cluster } = journey;
    try {
      await createProcedure(journey);
      await commitAndTag(journey);
      await trustAndConnect(workbench);
      for (const environment of ['staging', 'production']) {
        const asked = await startPromotion(workbench, { release, environment });
        assert.equal(asked, environment === 'production' ? 'typed' : 'modal');
        await orError(
          workbench.page,
          waitForNotification(workbench.page, `${release} runs in ${environment}`),
        );
        await waitForRow(workbench.page, environment, new RegExp(`${release}.*healthy since`));
      }
      assert.equal(await readShopImage(cluster, 'kosmos-staging'), `example/shop:${release}`);
      assert.equal(await readShopImage(cluster, 'kosmos'), `example/shop:${release}`);
      await workbench.screenshot('journey-first-ten-minutes-end');
      const seconds = Math.round((performance.now() - begun) / 1000);
      console.log(`      from the open folder to production in ${seconds} s`);
      assert.ok(seconds < 600);
    } catch (error) {
      await workbench.screenshot('journey-first-ten-minutes-failed');
      throw error;
    } finally {
      await journey.end();
    }
  });
});

/** From the welcome text: the draft opens unsaved at its first decision, is without errors, and is saved. */
async function createProcedure({ workbench }: Journey): Promise<void> {
  const { page } = workbench;
  await openReleases(page);
  await waitForWelcome(page, 'There is no slipway.yaml');
  await workbench.screenshot('welcome-no-procedure');
  await clickWelcome(page, 'Create Procedure');
  await orError(page, waitForTab(page, 'slipway.yaml'));
  await page.locator('.tabs-container .tab.active.dirty', { hasText: 'slipway.yaml' }).waitFor();
  await page.locator('.statusbar-item', { hasText: /Ln \d+, Col 9$/ }).waitFor();
  await workbench.screenshot('draft');
  const text = await readText(page);
  const { procedure, diagnostics } = parseProcedure(text);
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    procedure?.environments.map(({ name, cluster }) => [name, cluster?.namespace]),
    [
      ['staging', 'kosmos-staging'],
      ['production', 'kosmos'],
    ],
  );
  await hasNoProblems(page, workbench.runCommand);
  await page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+S');
  await page.locator('.tabs-container .tab.active:not(.dirty)', { hasText: 'slipway.yaml' }).waitFor();
}

async function hasNoProblems(page: Page, runCommand: (title: string) => Promise<void>): Promise<void> {
  await runCommand('Problems: Focus on Problems View');
  await page.locator('.markers-panel-container', { hasText: 'No problems have been detected' }).waitFor();
  await runCommand('View: Hide Panel');
}

/** By the editor's own git, as a person would. */
async function commitAndTag({ workbench }: Journey): Promise<void> {
  const { page } = workbench;
  const pending = page.locator('.activitybar [aria-label*="pending change"]').first();
  await pending.waitFor();
  await workbench.runCommand('Git: Commit All');
  await answerPrompt(page, /commit message/, 'Write down how we deploy');
  // While git works, the palette has none of its other commands.
  await pending.waitFor({ state: 'detached' });
  await page.locator('.statusbar-item', { hasText: /Sam Stranger/ }).waitFor();
  await workbench.runCommand('Git: Create Tag...');
  await answerPrompt(page, /tag name/, release);
  await answerPrompt(page, /annotate the tag/, 'First release');
}

function readShopImage({ tools, adminKubeconfig }: Sandbox, namespace: string): Promise<string> {
  const path = 'jsonpath={.spec.template.spec.containers[0].image}';
  const query = ['get', 'deployment', 'shop', '-n', namespace, '-o', path];
  return runCommand(tools.kubectl, ['--kubeconfig', adminKubeconfig, ...query]);
}
