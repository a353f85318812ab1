import assert from 'node:assert/strict';
import { waitFor } from '../../sandbox/waitFor.ts';
import { GeneratedLog, writeEntry } from '../builders/generatedLog.ts';
import { button, waitForRows } from './logPageView.ts';
import { type OpenedLogPage, openLogPage } from './openLogPage.ts';

describe('finding and filtering lines of JSON', () => {
  let opened: OpenedLogPage;
  const level = (place: number) => (place % 10 === 0 ? 'warn' : 'info');
  beforeEach(async () => {
    const row = (sequence: number) =>
      writeEntry({
        sequence,
        text: `{"level":"${level(sequence)}","msg":"request ${sequence}","tries":${sequence},"ok":true}`,
      });
    opened = await openLogPage({ log: new GeneratedLog({ total: 5_000, row }) });
    await waitForRows(opened.page, 'the end', rows => rows.at(-1)?.includes('tries=4999') === true);
  });
  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    assert.deepEqual(problems, []);
  });

  const field = () => opened.page.getByRole('textbox', { name: 'Find in the whole log' });
  const marked = (texts: readonly string[]) =>
    waitFor(
      `${texts.join(' and ')} to be marked`,
      async () => (await opened.page.locator('.match').allTextContents()).join('|') === texts.join('|'),
      { limitMs: 10_000 },
    );

  it('P-05h P-05k finds what is shown of a line, and marks it there', async () => {
    const { page } = opened;
    await button(page, 'Find').click();
    await field().fill('INFO  request 1234 tries=1234 ok=');
    await field().press('Shift+Enter');
    await page.locator('.find .said', { hasText: 'Line 1,235' }).waitFor();
    // A part has a colour of its own.
    await waitFor(
      'the match to be marked',
      async () =>
        (await page.locator('.match').allTextContents()).join('') === 'INFO  request 1234 tries=1234 ok=',
      { limitMs: 10_000 },
    );
  });

  it('P-05h P-05k finds what was written of a line, and marks what stands for it', async () => {
    const { page } = opened;
    await button(page, 'Find').click();
    await field().fill('"tries":2345,');
    await field().press('Shift+Enter');
    await page.locator('.find .said', { hasText: 'Line 2,346' }).waitFor();
    await marked(['tries=', '2345']);
    await page.getByRole('button', { name: 'Find in the whole log: regular expression' }).click();
    await field().fill('"msg":"request 345[67]"');
    await field().press('Shift+Enter');
    await page
      .locator('.find .said', { hasText: 'Line 3,457' })
      .or(page.locator('.find .said', { hasText: 'Line 3,458' }))
      .waitFor();
    await marked(['request 3456', 'request 3457']);
  });

  it('P-05i P-05k filters by what is shown of a line as by what was written', async () => {
    const { page } = opened;
    const filter = page.getByRole('textbox', { name: 'Only lines with' });
    await filter.fill('WARN  request 49');
    await waitForRows(
      page,
      'what is shown',
      rows => rows.length === 11 && / request 490 /.test(rows[0] ?? ''),
    );
    await button(page, 'View').click();
    await page.getByRole('checkbox', { name: 'JSON lines readable' }).click();
    // Nobody sees it any more.
    await page.getByText('No line fits the filter.').waitFor();
    await filter.fill('"msg":"request 123');
    await waitForRows(page, 'what was written', rows => rows.length === 11);
    await page.getByRole('checkbox', { name: 'JSON lines readable' }).click();
    await waitForRows(
      page,
      'the same lines',
      rows => rows.length === 11 && / INFO {2}request 123 /.test(rows[0] ?? ''),
    );
  });
});
