import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { runCommand } from '../../sandbox/runCommand.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { findChecklist, readCheckStates, waitForChecklist } from './checklistPanel.ts';
import type { Theme } from './editorSettings.ts';
import { waitForTab } from './editorTabs.ts';
import { waitForNotification } from './messages.ts';
import { promoteInOtherWindow, tickInOtherWindow } from './otherWindow.ts';
import { orError, trustAndConnect } from './promoteByHand.ts';
import { waitForQuickInput } from './quickPick.ts';
import { selectRow, waitForRow } from './releasesView.ts';
import { type Journey, readImage, startJourney, startJourneyCluster } from './startJourney.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const limit = { limitMs: 30_000 };

describe('the journeys of the checklist', function () {
  this.timeout(300_000);
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;
  let journey: Journey;
  const complaints: string[] = [];

  before(async () => {
    started = await startJourneyCluster();
    journey = await startJourney({ cluster: started.cluster });
    journey.workbench.page.on('console', message => {
      if (/Content Security Policy|slipway: a message was dropped/.test(message.text())) {
        complaints.push(message.text());
      }
    });
    await trustAndConnect(journey.workbench);
    for (const environment of ['development', 'staging']) {
      await promoteInOtherWindow(journey, { environment, release: 'v2.1.0' });
      await waitForRow(journey.workbench.page, environment, /v2\.1\.0/);
    }
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await journey.workbench.screenshot('journey-checklist-failed');
    }
  });
  after(async () => {
    await journey?.end();
    await started?.end();
  });

  const select = (label: string): Promise<void> => selectRow(journey.workbench.page, label);
  const count = async (frame: Frame, state: string): Promise<number> =>
    (await readCheckStates(frame)).filter(found => found === state).length;

  it('P-02a shows what is selected in Releases, and what is pinned', async () => {
    const { page } = journey.workbench;
    const empty = await findChecklist(page);
    await empty.locator('.notices', { hasText: 'Select a release or an environment' }).waitFor();
    await select('production');
    const frame = await waitForChecklist(page, 'v2.1.0 to production');
    const gate = frame.locator('.gate', { hasText: 'Order: staging first' });
    await gate.filter({ hasText: 'passes' }).waitFor();
    await select('v2.1.1');
    await waitForChecklist(page, 'v2.1.1 to development');
    await select('production');
    await waitForChecklist(page, 'v2.1.0 to production');
    await journey.workbench.runCommand('Slipway: Pin Checklist');
    await select('v2.1.1');
    await waitForChecklist(page, 'v2.1.0 to production');
    await page.locator('.pane-header', { hasText: 'Checklist' }).hover();
    await page.locator('.action-label[aria-label^="Unpin Checklist"]').click();
    await waitForChecklist(page, 'v2.1.1 to development');
  });

  it('P-02f P-02e shows a tick of another window at once, ticks by mouse, with a note, and takes a tick back', async () => {
    const { page } = journey.workbench;
    await select('production');
    const frame = await waitForChecklist(page, 'v2.1.0 to production');
    await waitFor('eight open checks', async () => (await count(frame, 'open')) === 8, limit);
    assert.equal(
      (await tickInOtherWindow(journey, { environment: 'production', release: 'v2.1.0' })).length,
      8,
    );
    await waitFor('the other window\u2019s ticks', async () => (await count(frame, 'done')) === 8, limit);
    assert.match(await frame.locator('main').innerText(), /Nothing holds v2\.1\.0 back from production/);
    for (const box of await frame.getByRole('checkbox').all()) {
      await box.click();
    }
    await waitFor('every tick to be taken back', async () => (await count(frame, 'open')) === 8, limit);
    await frame.getByRole('button', { name: 'Tick with Note... Change request approved' }).click();
    await waitForQuickInput(page, 'Change request approved');
    await page.keyboard.type('CHG-4711');
    await page.keyboard.press('Enter');
    await frame.locator('.note', { hasText: 'Note: CHG-4711' }).waitFor();
    await waitFor(
      'the keyboard to be back where it was',
      () =>
        frame.evaluate<boolean>(
          'document.hasFocus() && /Note\\.\\.\\. Change request approved/.test(document.activeElement.ariaLabel)',
        ),
      limit,
    );
    assert.equal(await count(frame, 'done'), 1);
    // Nobody can click it before the answer to the note is there.
    await frame
      .locator('vscode-checkbox[aria-label="Change request approved"]:not([aria-readonly="true"])')
      .click();
    await waitFor('it to be taken back', async () => (await count(frame, 'open')) === 8, limit);
  });

  it('P-14b a tick is void when set: changes on main, says which part did, and can be given anew', async () => {
    const { page } = journey.workbench;
    await select('production');
    const frame = await waitForChecklist(page, 'v2.1.0 to production');
    await tickInOtherWindow(journey, { environment: 'production', release: 'v2.1.0' });
    await waitFor('eight ticks', async () => (await count(frame, 'done')) === 8, limit);
    await changeProcedure(text =>
      text.replace("set: {image.tag: '{version}'}", "set: {image.tag: '{version}', replicas: 4}"),
    );
    await waitFor('the ticks of the plan to be void', async () => (await count(frame, 'void')) === 4, limit);
    assert.equal(await count(frame, 'done'), 4);
    await frame
      .locator('p[aria-live=polite]', { hasText: /^4 checks changed: 4 void\.$/ })
      .waitFor({ state: 'attached' });
    const row = frame.locator('.check', { hasText: 'Change request approved' });
    assert.match(
      await row.innerText(),
      /void: since then this changed: set: replicas of agent, which is new \(4\)/,
    );
    await journey.workbench.screenshot('journey-checklist-void');
    await frame.getByRole('checkbox', { name: 'Change request approved' }).click();
    await waitFor('it to be ticked anew', async () => (await count(frame, 'void')) === 3, limit);
    // Taken back on main, the ticks that nobody gave anew are for what is there again.
    await changeProcedure(text => text.replace(', replicas: 4', ''));
    await waitFor('the other ticks to count again', async () => (await count(frame, 'done')) === 7, limit);
    assert.equal(await count(frame, 'void'), 1);
  });

  for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] satisfies readonly Theme[]) {
    it(`P-04d has no fault that axe finds in the real window, in ${theme}`, async () => {
      const { page, setTheme, screenshot } = journey.workbench;
      await setTheme(theme);
      await select('production');
      const frame = await waitForChecklist(page, 'v2.1.0 to production');
      await frame.locator(`body.${buildClass(theme)}`).waitFor();
      await frame.evaluate(axe);
      const faults = await frame.evaluate<readonly string[]>(
        `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
      );
      assert.deepEqual(faults, []);
      await screenshot(`checklist-${theme}`);
    });
  }

  it('P-14a ticks eight items by keyboard alone, then promotes to production', async () => {
    const { page, setTheme } = journey.workbench;
    await setTheme('dark');
    await select('production');
    await untickAll();
    // The clicks left the focus in the page: from the tree only the command brings it back.
    await select('production');
    // From here on nobody touches the mouse.
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input.input').waitFor();
    await page.keyboard.type('Slipway: Show Checklist');
    const title = page.locator('.label-name', { hasText: /^Slipway: Show Checklist$/ });
    await page.locator('.quick-input-list .monaco-list-row.focused', { has: title }).waitFor();
    await page.keyboard.press('Enter');
    const frame = await waitForChecklist(page, 'v2.1.0 to production');
    await waitForFocus(frame);
    await waitFor(
      'eight checks to tick',
      // A box is as the person left it while the daemon is asked, and takes no other answer meanwhile.
      async () =>
        (await frame.getByRole('checkbox', { checked: false }).count()) === 8 &&
        (await frame.locator('.check[aria-busy="true"]').count()) === 0,
      limit,
    );
    const focused = () =>
      frame.evaluate<string>(
        `[document.activeElement?.getAttribute('role') ?? document.activeElement?.localName, document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent].join(' ')`,
      );
    const ticked: string[] = [];
    for (let stop = 0; ticked.length < 8 && stop < 60; stop += 1) {
      await page.keyboard.press('Tab');
      const name = await focused();
      if (name.startsWith('checkbox ')) {
        await page.keyboard.press('Space');
        ticked.push(name.slice('checkbox '.length));
        await waitFor(
          `${name} to be ticked`,
          async () => (await count(frame, 'done')) === ticked.length,
          limit,
        );
        assert.equal(await focused(), name);
      }
    }
    assert.equal(new Set(ticked).size, 8, ticked.join());
    await frame.locator('.summary', { hasText: 'Nothing holds v2.1.0 back from production' }).waitFor();
    for (let stop = 0; !(await focused()).includes('Promote v2.1.0 to production') && stop < 60; stop += 1) {
      await page.keyboard.press('Shift+Tab');
    }
    await page.keyboard.press('Enter');
    await orError(page, waitForTab(page, 'v2.1.0 \u2192 production'));
    await waitForQuickInput(page, 'Promote v2.1.0 to production');
    await page.keyboard.type('production');
    await page.keyboard.press('Enter');
    await orError(page, waitForNotification(page, 'v2.1.0 runs in production'));
    assert.equal(await readImage(started.cluster, 'kosmos'), 'kosmos/agent:v2.1.0');
  });

  it('P-04a P-04b violates no policy and drops no message in the real window', () => {
    assert.deepEqual(complaints, []);
  });

  it('P-04c comes back as it was after another side bar was shown', async () => {
    const { page, runCommand: run } = journey.workbench;
    await run('Slipway: Show Checklist');
    const frame = await waitForChecklist(page, 'v2.1.0 to production');
    await waitForFocus(frame);
    await frame.locator('summary').click();
    await frame.locator('details[open]').waitFor();
    await run('View: Show Explorer');
    await waitFor(
      'the page to be hidden',
      async () => frame.isDetached() || !(await frame.locator('h1').isVisible()),
      limit,
    );
    await run('Slipway: Show Checklist');
    const again = await waitForChecklist(page, 'v2.1.0 to production');
    await again.locator('details[open]').waitFor();
  });

  /** The command gives the page the focus some time after it has shown it. */
  function waitForFocus(frame: Frame): Promise<void> {
    return waitFor('the page to have the focus', () => frame.evaluate('document.hasFocus()'), limit);
  }

  async function untickAll(): Promise<void> {
    const frame = await waitForChecklist(journey.workbench.page, 'v2.1.0 to production');
    const checked = frame.getByRole('checkbox', { checked: true });
    for (let left = await checked.count(); left > 0; left = await checked.count()) {
      await checked.first().click();
      await waitFor('a tick to be taken back', async () => (await checked.count()) < left, limit);
    }
    await waitFor('no tick to be on its way', async () => (await count(frame, 'done')) === 0, limit);
  }

  async function changeProcedure(change: (text: string) => string): Promise<void> {
    const file = join(journey.folder, 'slipway.yaml');
    await writeFile(file, change(await readFile(file, 'utf8')));
    const at = { cwd: journey.folder };
    await runCommand('git', ['commit', '--quiet', '--all', '--message', 'Change the procedure'], at);
    await runCommand('git', ['push', '--quiet', 'origin', 'main'], at);
  }
});

function buildClass(theme: Theme): string {
  return {
    dark: 'vscode-dark',
    light: 'vscode-light',
    highContrast: 'vscode-high-contrast',
    highContrastLight: 'vscode-high-contrast-light',
  }[theme];
}
