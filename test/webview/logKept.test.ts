import assert from 'node:assert/strict';
import { waitFor } from '../../sandbox/waitFor.ts';
import { keptLogSchema } from '../../webview/protocol/logMessages.ts';
import { GeneratedLog } from '../builders/generatedLog.ts';
import {
  button,
  readNumbers,
  readPosition,
  readRows,
  turnWheel,
  waitForLast,
  waitForRows,
} from './logPageView.ts';
import { type OpenedLogPage, openLogPage } from './openLogPage.ts';

describe('what the page of a log keeps', () => {
  let log: GeneratedLog;
  let opened: OpenedLogPage;

  beforeEach(async () => {
    log = new GeneratedLog({ total: 50_000 });
    opened = await openLogPage({ log });
    await waitForLast(opened.page, 49_999);
  });
  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    assert.deepEqual(problems, []);
  });

  /** Waits until the page has written down what it is to keep. */
  const waitForKept = (what: string, isWanted: (kept: ReturnType<typeof readKept>) => boolean) =>
    waitFor(what, async () => isWanted(readKept()), { limitMs: 10_000 });
  const readKept = () => keptLogSchema.parse(opened.kept());

  it('P-05o is its place, when it is hidden and shown again', async () => {
    const { page } = opened;
    await page.getByRole('slider').fill('20000');
    await waitForRows(page, 'the place', rows => rows[0]?.includes('request 20000 ') === true);
    await waitForKept('the place', ({ sequence, following }) => sequence === 20_000 && !following);
    log.change({ total: 60_000 });
    await opened.reveal();
    await waitForRows(page, 'the same place', rows => rows[0]?.includes('request 20000 ') === true);
    await button(page, 'Follow').waitFor();
    await button(page, 'Follow').click();
    await waitForLast(page, 59_999);
  });

  it('P-05o is that it follows, and what came meanwhile is there', async () => {
    const { page } = opened;
    await waitForKept('that it follows', ({ following }) => following);
    log.change({ total: 55_000 });
    await opened.reveal();
    await waitForLast(page, 54_999);
    log.change({ total: 55_001 });
    await waitForLast(page, 55_000);
  });

  it('P-05o is the filter and how lines are looked at', async () => {
    const { page } = opened;
    await page.getByRole('textbox', { name: 'Only lines with' }).fill('WARN');
    await waitForRows(page, 'warnings', rows => rows.length > 5 && rows.every(row => row.includes('WARN')));
    await button(page, 'View').click();
    await page.getByRole('checkbox', { name: 'Times' }).click();
    await page.getByRole('checkbox', { name: 'Wrap lines' }).click();
    await waitForKept(
      'the choices',
      ({ include, timestamps, wrap }) => include.text === 'WARN' && !timestamps && wrap,
    );
    await opened.reveal();
    const rows = await waitForRows(
      page,
      'warnings again',
      found => found.length > 5 && found.every(row => row.includes('WARN')),
    );
    assert.doesNotMatch(rows[0] ?? '', /\d\d:\d\d:\d\d/);
    assert.equal(await page.getByRole('textbox', { name: 'Only lines with' }).inputValue(), 'WARN');
    assert.equal(await page.locator('.cm-lineWrapping').count(), 1);
    assert.equal(log.asked.filter(({ method }) => method === 'log.open').length, 1);
  });

  it('P-05o is the search: what is looked for and how, and the line from which it goes on', async () => {
    const { page } = opened;
    const field = page.getByRole('textbox', { name: 'Find in the whole log' });
    const said = (text: string) => page.locator('.find .said', { hasText: text }).waitFor();
    await button(page, 'Find').click();
    await page.getByRole('button', { name: 'Find in the whole log: regular expression' }).click();
    await page.getByRole('button', { name: 'Find in the whole log: match case' }).click();
    // Every tenth line: there are others on the screen before and after the one that was found.
    await field.fill('request \\d*0 GET');
    for (const line of ['Line 49,991', 'Line 49,981', 'Line 49,971']) {
      await field.press('Shift+Enter');
      await said(line);
    }
    await waitForKept(
      'the line that was found',
      ({ find, following }) => find.found === 49_970 && !following,
    );
    const [before = 0] = await readNumbers(page);
    await opened.reveal();
    // A row that was seen by half at the top is whole now.
    await waitForRows(page, 'the same place', ([row = '']) =>
      [before - 1, before].some(number => row.includes(`request ${number} `)),
    );
    assert.equal(await field.inputValue(), 'request \\d*0 GET');
    for (const name of ['regular expression', 'match case']) {
      const toggle = page.getByRole('button', { name: `Find in the whole log: ${name}` });
      assert.equal(await toggle.getAttribute('aria-pressed'), 'true', name);
    }
    await page.locator('.match', { hasText: 'request 49970 GET' }).waitFor();
    await field.press('Shift+Enter');
    await said('Line 49,961');
  });

  it('P-05o is the search in a filtered view, and what is looked for where its bar was closed', async () => {
    const { page } = opened;
    const field = page.getByRole('textbox', { name: 'Find in the whole log' });
    await page.getByRole('textbox', { name: 'Only lines with' }).fill('ERROR');
    // A search begins at the edge of the screen, which is at the end some frames later only.
    await waitFor('the end', async () => / 516 of /.test(await readPosition(page)), { limitMs: 20_000 });
    await button(page, 'Find').click();
    await field.fill('request');
    for (const line of ['Line 516', 'Line 515', 'Line 514']) {
      await field.press('Shift+Enter');
      await page.locator('.find .said', { hasText: line }).waitFor();
    }
    await waitForKept('the line that was found', ({ find }) => find.found === 513 * 97);
    await opened.reveal();
    await page.locator('.match').first().waitFor();
    await waitForRows(page, 'the place', rows => rows.some(row => row.includes(`request ${513 * 97} `)));
    // It goes on from the line that was found as soon as the screen has returned to it.
    await waitFor(
      'the match to be selected again',
      () => page.locator('.cm-activeLine', { hasText: `request ${513 * 97} ` }).isVisible(),
      { limitMs: 10_000 },
    );
    await field.press('Shift+Enter');
    await page.locator('.find .said', { hasText: 'Line 513' }).waitFor();
    await field.press('Escape');
    await waitForKept('that the bar is closed', ({ find }) => !find.open);
    await opened.reveal();
    await waitForRows(page, 'errors', rows => rows.length > 5 && rows.every(row => row.includes('ERROR')));
    assert.equal(await page.locator('section.find').isVisible(), false);
    assert.equal(await page.locator('.match').count(), 0);
    await page.keyboard.press('Control+f');
    assert.equal(await field.inputValue(), 'request');
  });

  it('P-05o is which boxes are open', async () => {
    const { page } = opened;
    await button(page, 'View').click();
    await button(page, 'Pods and Containers').click();
    await button(page, 'View').click();
    await waitForKept('the box', ({ openBoxes }) => openBoxes.join() === 'sources');
    await opened.reveal();
    await page.getByRole('button', { name: 'Pods and Containers', expanded: true }).waitFor();
    await page.getByRole('region', { name: 'Pods' }).waitFor();
    await page.getByRole('button', { name: 'View', expanded: false }).waitFor();
    assert.equal(await page.getByRole('region', { name: 'View' }).isVisible(), false);
  });

  it('P-05o is another log after it was opened anew: it follows that one, looked at in the same way', async () => {
    const { page } = opened;
    await page.getByRole('textbox', { name: 'No lines with' }).fill('WARN');
    await turnWheel(page, -2_000);
    await button(page, 'Follow').waitFor();
    await waitForKept('the filter', ({ exclude }) => exclude.text === 'WARN');
    await opened.session.setConnected(false);
    await page.getByText('No connection to the daemon.').waitFor();
    log.forget();
    log.change({ total: 700 });
    await opened.session.setConnected(true);
    await page.getByText('The log begins anew.').waitFor();
    const rows = await waitForRows(page, 'the new log', found => /request 69\d /.test(found.at(-1) ?? ''));
    assert.ok(rows.every(row => !row.includes('WARN')));
    await button(page, 'Pause').waitFor();
  });

  it('P-05o is nothing that it would have to do twice after a short loss of the connection', async () => {
    const { page } = opened;
    await page.getByRole('slider').fill('30000');
    await waitForRows(page, 'the place', rows => rows[0]?.includes('request 30000 ') === true);
    const before = await readRows(page);
    await opened.session.setConnected(false);
    await page.getByText('No connection to the daemon.').waitFor();
    await opened.session.setConnected(true);
    await waitFor('the trouble to be over', async () => !(await page.locator('.banner').isVisible()), {
      limitMs: 5_000,
    });
    assert.deepEqual(
      await waitForRows(page, 'the place', rows => rows[0]?.includes('request 30000 ') === true),
      before,
    );
    assert.equal(log.asked.filter(({ method }) => method === 'log.attach').length, 1);
  });

  it('P-05p drops messages that it does not understand', async () => {
    await opened.send({ type: 'opened', log: { logId: 7 } });
    await opened.send('<b>what</b>');
    await opened.send(null);
    log.change({ total: 50_010 });
    await waitForLast(opened.page, 50_009);
    assert.equal(opened.problems.filter(problem => problem.includes('a message was dropped')).length, 3);
    (opened as { problems: readonly string[] }) = { ...opened, problems: [] };
  });
});
