import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { parse } from 'yaml';
import * as z from 'zod';
import { findDaemon } from '../../daemon/client/findDaemon.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { readText, waitForTab } from './editorTabs.ts';
import { clickNotification, waitForNotification } from './messages.ts';
import { orError, startPromotion, trustAndConnect } from './promoteByHand.ts';
import { type Journey, startJourney, startJourneyCluster } from './startJourney.ts';

const variable = 'planted-variable-7c1e';

describe('saving diagnostics', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;
  let journey: Journey;
  /** The person's own folder, where the dialog begins. */
  let person: string;

  before(async () => {
    started = await startJourneyCluster();
    person = await mkdtemp(join(tmpdir(), 'slipway-person-'));
    journey = await startJourney({
      cluster: started.cluster,
      env: { HOME: person, AWS_SECRET_ACCESS_KEY: variable },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await journey.workbench.screenshot('journey-diagnostics-failed');
    }
  });
  after(async () => {
    await journey?.end();
    await started?.end();
    await rm(person, { recursive: true, force: true });
  });

  it('P-10f P-10g writes what was shown, where the person says, without a secret', async () => {
    const { workbench } = journey;
    const { page } = workbench;
    await trustAndConnect(workbench);
    await startPromotion(workbench, { release: 'v2.1.0', environment: 'development' });
    await orError(page, waitForNotification(page, 'v2.1.0 runs in development'));
    await workbench.runCommand('Notifications: Clear All Notifications');

    const secrets = await plantSecrets(journey);
    await workbench.runCommand('Slipway: Collect Diagnostics');
    await orError(page, waitForTab(page, 'Diagnostics.md'));
    await waitForNotification(page, 'Read it before you give it to anybody; nothing was sent.');
    await workbench.screenshot('window-diagnostics');
    const shown = await readText(page);
    await clickNotification(page, 'This is all that was collected', 'Save...');
    const path = await acceptProposal(page, new RegExp(`^${person}/slipway-diagnostics-[-\\dT]+\\.md$`));
    await waitForNotification(page, `Saved to ${path}`);

    const saved = await readFile(path, 'utf8');
    assert.equal(saved, shown);
    hasWhatIsPromised(saved);
    assert.deepEqual(
      secrets.filter(secret => saved.includes(secret)),
      [],
    );
    assert.equal(saved.match(/error the server said \(redacted\)$/gm)?.length, secrets.length, saved);
    assert.ok(!saved.includes(person), 'the name of the person\u2019s folder shows');
  });
});

/** What must not be in the file, each written into the daemon's log, as a careless tool would. */
async function plantSecrets({ cluster, home }: Journey): Promise<readonly string[]> {
  const kubeconfig = kubeconfigSchema.parse(parse(await readFile(cluster.kubeconfigPath('alice'), 'utf8')));
  const [entry] = kubeconfig.users;
  const lookup = findDaemon(home);
  assert.ok(entry && lookup.state === 'found');
  const secrets = [variable, entry.user['client-key-data'], lookup.discovery.token];
  const lines = secrets.map(secret => `2026-11-25T10:00:00.000Z error the server said ${secret}\n`);
  await appendFile(join(home, 'daemon.log'), lines.join(''));
  return secrets;
}

/** Accepts the name that the dialog proposes, once it does, and returns it. */
async function acceptProposal(page: Page, proposed: RegExp): Promise<string> {
  const input = page.locator('.quick-input-widget input.input');
  const proposes = async () => proposed.test(await input.inputValue());
  await orError(page, waitFor('the proposed name', proposes, { limitMs: 30_000 }));
  const path = await input.inputValue();
  await page.keyboard.press('Enter');
  return path;
}

/** Versions, settings, setup, journal, the window's own view, and the ends of the logs; each with a fact of this journey. */
function hasWhatIsPromised(saved: string): void {
  assert.deepEqual(
    [...saved.matchAll(/^## (.+)$/gm)].map(match => match[1]),
    [
      ...['Versions', 'Settings', 'Setup', 'Journal', 'What the window knows'],
      ...['The end of Slipway.log', 'The end of daemon.log', 'The end of daemon-start.log'],
    ],
  );
  for (const fact of [
    /"slipway": "\d+\.\d+\.\d+"/,
    /"name": "helm",\s+"path": ".+",\s+"from": "PATH",\s+"version": "v4/,
    /"name": "kosmos-production",\s+"namespace": "kosmos"/,
    /The journal is whole: \d+ events/,
    /"release": "v2\.1\.0",\s+"environment": "development",\s+"state": "succeeded"/,
    /daemon: \{"state":"connected"/,
    /info {2}ready version=/,
  ]) {
    assert.match(saved, fact);
  }
  assert.doesNotMatch(saved, /https:\/\/127\.0\.0\.1/, 'the address of the cluster');
  assert.doesNotMatch(
    saved,
    /spring-barley|autumn-thistle|STATUS: deployed/,
    'what is in the cluster, and what helm printed',
  );
}

const kubeconfigSchema = z.object({
  users: z.array(z.object({ user: z.object({ 'client-key-data': z.string() }) })),
});
