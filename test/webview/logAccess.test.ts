import assert from 'node:assert/strict';
import { waitFor } from '../../sandbox/waitFor.ts';
import { GeneratedLog, twoPods, writeEntry } from '../builders/generatedLog.ts';
import { button, waitForLast, waitForRows } from './logPageView.ts';
import { type OpenedLogPage, openLogPage } from './openLogPage.ts';
import { findClipped, findFaults, takePicture } from './pageChecks.ts';
import { themeNames } from './themes.ts';

const esc = '\u001b';

/** One row of each kind. */
const variety = [
  writeEntry({ kind: 'N', sequence: 0, text: 'Pod agent-name-5c6f7d8b9-x2k4z, container agent, joined.' }),
  writeEntry({
    sequence: 1,
    severity: 3,
    text: `${esc}[32mINFO${esc}[0m  started, image kosmos/agent:v2.1.0`,
  }),
  writeEntry({ sequence: 2, severity: 2, source: 1, text: 'WARN  cache: refreshed 120 entries in 432 ms' }),
  writeEntry({ kind: 'G', sequence: 3, text: 'Lines from 10:00:01 to 10:00:09 (8.0 s) may be missing.' }),
  writeEntry({
    sequence: 4,
    severity: 1,
    text: '{"level":"error","msg":"no answer","host":"queue:5672","tries":3}',
  }),
  writeEntry({
    sequence: 5,
    severity: 0,
    source: 1,
    text: `${esc}[41;97mFATAL${esc}[0m config: not a number`,
  }),
  writeEntry({ sequence: 6, severity: 4, text: 'DEBUG a detail' }),
  writeEntry({ kind: 'T', sequence: 7, length: 90_000, text: 'a long line that is cut short here' }),
];

function buildVariety(): GeneratedLog {
  const sources = twoPods.map((source, index) => ({
    ...source,
    ...(index === 0 ? { state: 'reconnecting' as const, reason: 'connect ECONNREFUSED' } : {}),
  }));
  return new GeneratedLog({
    total: variety.length,
    row: place => variety[place] ?? '',
    view: { sources, gaps: 1, first: 0, state: 'reconnecting', reason: 'connect ECONNREFUSED' },
  });
}

describe('the page of a log, for everybody', () => {
  let opened: OpenedLogPage;
  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    assert.deepEqual(problems, []);
  });

  /** Opens every box and the search, so that everything is on the page. */
  async function openAll(): Promise<void> {
    const { page } = opened;
    await waitForRows(page, 'the rows', rows => rows.length > 2);
    await button(page, 'Pods and Containers').click();
    await button(page, 'View').click();
    await button(page, 'Find').click();
    await page.getByRole('textbox', { name: 'Find in the whole log' }).fill('cache');
    await page.locator('.match').first().waitFor();
  }

  for (const theme of themeNames) {
    it(`P-05p has no fault that axe finds, and no violation of its policy, in ${theme}`, async () => {
      opened = await openLogPage({ log: buildVariety(), theme });
      const { page } = opened;
      await waitForRows(page, 'the rows', rows => rows.length === variety.length);
      await takePicture(page, `logs-page-${theme}`);
      assert.deepEqual(await findFaults(page), []);
      await openAll();
      await page.locator('.cm-content').focus();
      await page.keyboard.press('Control+a');
      assert.deepEqual(await findFaults(page), []);
      await page.getByRole('button', { name: 'Only lines with: regular expression' }).click();
      await page.getByRole('textbox', { name: 'Only lines with' }).fill('(');
      await page.getByRole('alert').waitFor();
      await takePicture(page, `logs-page-all-${theme}`);
      assert.deepEqual(await findFaults(page), []);
    });
  }

  it('P-05p has names for everything that a screen reader stops at', async () => {
    opened = await openLogPage({ log: buildVariety() });
    await openAll();
    const { page } = opened;
    await page.getByRole('button', { name: 'Only lines with: match case' }).click();
    const lines = [
      '- heading "Log of deployment/agent-name in staging" [level=1]',
      '- region "Log toolbar":',
      '- button "Pause"',
      '- button "Pods and Containers" [expanded]',
      '- button "View" [expanded]',
      '- button "Copy Lines"',
      '- button "Save..."',
      '- button "Open as Document"',
      '- group "Pods":',
      '- checkbox "agent-name-5c6f7d8b9-x2k4z" [checked]',
      '- region "View":',
      '- checkbox "Times" [checked]',
      '- checkbox "Wrap lines"',
      '- checkbox "JSON lines readable" [checked]',
      '- combobox "Begin with"',
      '- checkbox "Run before the last restart"',
      '- region "Filter":',
      '- textbox "Only lines with"',
      `- 'button "Only lines with: regular expression"': .*`,
      `- 'button "Only lines with: match case" [pressed]': Aa`,
      '- textbox "No lines with"',
      '- combobox "Severity"',
      '- search "Find":',
      '- textbox "Find in the whole log"',
      '- button "Previous"',
      '- button "Next"',
      '- slider "Place in the log"',
      '- button "Top"',
      '- button "End"',
      '- button "Show the whole line (90,000 characters)"',
    ];
    // The log is read anew for "match case".
    let tree = '';
    const missing = () => lines.filter(line => !tree.includes(line));
    await waitFor(
      'every name',
      async () => {
        tree = await page.locator('main').ariaSnapshot();
        return missing().length === 0;
      },
      { limitMs: 10_000 },
    ).catch(() => assert.deepEqual(missing(), [], tree));
    assert.equal(tree.match(/ "Log"/g)?.length, 1, 'one thing only is called "Log"');
  });

  it('P-05b P-05n reads out the pod, the kind and the text of each row', async () => {
    opened = await openLogPage({ log: buildVariety() });
    await waitForRows(opened.page, 'the rows', rows => rows.length === variety.length);
    const tree = await opened.page.getByRole('log', { name: 'Log' }).ariaSnapshot();
    for (const text of [
      'b7q9w WARN cache: refreshed 120 entries',
      'Gap: x2k4z Lines from 10:00:01',
      'Note: x2k4z Pod agent-name-5c6f7d8b9-x2k4z, container agent, joined.',
    ]) {
      assert.ok(tree.replaceAll(/\s+/g, ' ').includes(text), `${text} is not in:\n${tree}`);
    }
    assert.match(tree.replaceAll(/\s+/g, ' '), /\d\d:\d\d:\d\d\.\d{3} b7q9w WARN cache/);
  });

  for (const [what, options] of [
    ['240 pixels', { size: { width: 240, height: 800 } }],
    ['240 pixels at 200 % zoom', { size: { width: 480, height: 1200 }, zoom: 2 }],
    ['1280 by 720 at 400 % zoom', { size: { width: 1280, height: 720 }, zoom: 4 }],
  ] as const) {
    it(`P-05p clips no control and scrolls in one direction only, in ${what}`, async () => {
      opened = await openLogPage({ log: buildVariety(), ...options });
      const { page } = opened;
      await waitForRows(page, 'the rows', rows => rows.length > 0);
      await takePicture(page, `logs-page-${what.replaceAll(/\W+/g, '-')}`);
      assert.deepEqual(await findClipped(page), []);
      await button(page, 'Pods and Containers').click();
      await button(page, 'View').click();
      await button(page, 'Find').click();
      assert.deepEqual(await findClipped(page), []);
      const height = await page.locator('.log').evaluate(log => log.clientHeight);
      assert.ok(height >= 80, `${height} pixels are left for the log`);
    });
  }

  it('P-05p is used by the keyboard alone: everything is reached by Tab in its order, and can be done', async () => {
    opened = await openLogPage({ log: new GeneratedLog({ total: 2_000 }) });
    const { page } = opened;
    await waitForLast(page, 1_999);
    const stops = await readStops();
    assert.deepEqual(stops, [
      'Pause',
      'Pods and Containers',
      'View',
      'Find',
      'Copy Lines',
      'Save...',
      'Open as Document',
      'Only lines with',
      'Only lines with: regular expression',
      'Only lines with: match case',
      'No lines with',
      'No lines with: regular expression',
      'No lines with: match case',
      'Severity',
      'Log',
      'Place in the log',
      'Top',
      'End',
    ]);
    await button(page, 'View').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+Home');
    await waitForRows(page, 'the top', rows => rows[0]?.includes('request 0 ') === true);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+c');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^WARN|^INFO {2}request 1 .*\n/);
    await page.getByRole('slider').focus();
    await page.keyboard.press('End');
    await waitForLast(page, 1_999);
  });

  /** What has the keyboard after each press of Tab, until it leaves the page. */
  async function readStops(): Promise<readonly string[]> {
    const stops: string[] = [];
    await opened.page.locator('body').focus();
    for (let press = 0; press < 60; press += 1) {
      await opened.page.keyboard.press('Tab');
      const stop = await opened.page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) {
          return undefined;
        }
        const label = element.closest('label')?.querySelector('span')?.textContent;
        return element.getAttribute('aria-label') ?? label ?? element.textContent ?? '';
      });
      if (stop === undefined) {
        break;
      }
      stops.push(stop);
    }
    return stops;
  }
});
