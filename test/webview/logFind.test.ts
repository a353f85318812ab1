import assert from 'node:assert/strict';
import { waitFor } from '../../sandbox/waitFor.ts';
import { buildRow, GeneratedLog, writeEntry } from '../builders/generatedLog.ts';
import { button, readPosition, waitForDeed, waitForLast, waitForRows } from './logPageView.ts';
import { type OpenedLogPage, openLogPage } from './openLogPage.ts';

const needles = new Set([2_000, 20_000, 200_000]);

describe('finding in a log', () => {
  let log: GeneratedLog;
  let opened: OpenedLogPage;

  beforeEach(async () => {
    const row = (place: number) =>
      needles.has(place) ? writeEntry({ sequence: place, text: `a needle in ${place}` }) : buildRow(place);
    log = new GeneratedLog({ total: 300_000, row });
    opened = await openLogPage({ log });
    await waitForLast(opened.page, 299_999);
  });
  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    assert.deepEqual(problems, []);
  });

  const said = (text: string) => opened.page.locator('.find .said', { hasText: text }).waitFor();

  it('P-05h looks through the whole log, forwards and backwards, and marks what it found', async () => {
    const { page } = opened;
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('request 12345 ');
    await page.keyboard.press('Shift+Enter');
    await waitForRows(page, 'the line', rows => rows.some(row => row.includes('request 12345 ')));
    await said('Line 12,346');
    assert.equal(await page.locator('.match').textContent(), 'request 12345 ');
    await page.getByRole('textbox', { name: 'Find in the whole log' }).fill('NEEDLE');
    await page.keyboard.press('Enter');
    await said('Line 20,001');
    await page.keyboard.press('Enter');
    await said('Line 200,001');
    await button(page, 'Previous').click();
    await said('Line 20,001');
    await page.keyboard.press('F3');
    await said('Line 200,001');
    await page.keyboard.press('Shift+F3');
    await said('Line 20,001');
    await button(page, 'Previous').click();
    await said('Line 2,001');
    await button(page, 'Previous').click();
    await said('Line 200,001, from the other end');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.match').count(), 0);
    assert.equal(await page.locator('.find').isVisible(), false);
    await waitFor(
      'the keyboard to be in the log',
      () => page.locator('.cm-content').evaluate(log => log === document.activeElement),
      { limitMs: 5_000 },
    );
  });

  it('P-05h finds regular expressions, also within a filtered view', async () => {
    const { page } = opened;
    await page.getByRole('textbox', { name: 'Only lines with' }).fill('ERROR');
    await waitForRows(page, 'errors', rows => rows.length > 5 && rows.every(row => row.includes('ERROR')));
    await button(page, 'Find').click();
    await page.getByRole('button', { name: 'Find in the whole log: regular expression' }).click();
    await page.getByRole('textbox', { name: 'Find in the whole log' }).fill('request \\d{2}000 ');
    await button(page, 'Previous').click();
    await waitForRows(page, 'the line', rows => rows.some(row => /ERROR request 97000 /.test(row)));
    await said('Line 1,001');
    await page.locator('.match', { hasText: 'request 97000 ' }).waitFor();
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+f');
    const field = page.getByRole('textbox', { name: 'Find in the whole log' });
    assert.equal(await field.inputValue(), 'request 97000 ', 'what was found is selected');
  });

  it('P-05h marks what fits a regular expression in every row that comes onto the screen', async () => {
    const { page } = opened;
    await button(page, 'Find').click();
    await page.getByRole('button', { name: 'Find in the whole log: regular expression' }).click();
    await page.getByRole('textbox', { name: 'Find in the whole log' }).fill('request \\d*5 ');
    await page.keyboard.press('Shift+Enter');
    await said('Line 299,996');
    await button(page, 'Top').click();
    await page.locator('.match', { hasText: /^request 25 $/ }).waitFor();
    const marked = await page.locator('.match').allTextContents();
    assert.deepEqual(marked.slice(0, 3), ['request 5 ', 'request 15 ', 'request 25 ']);
  });

  it('P-05h begins at the last line where it follows, though the bar has just taken a part of the screen', async () => {
    const { page } = opened;
    // All in one turn: the screen has had no frame in which to go to the end again.
    await page.evaluate(() => {
      const buttons = [...document.querySelectorAll<HTMLElement>('vscode-button')];
      buttons.find(({ textContent }) => textContent?.trim() === 'Find')?.click();
      const field = document.querySelector('section.find input');
      if (field instanceof HTMLInputElement) {
        field.value = 'request';
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', shiftKey: true, bubbles: true }));
      }
    });
    await said('Line 300,000');
  });

  it('P-05h stays where it went last, when an older way is read late', async () => {
    const { page } = opened;
    await button(page, 'Find').click();
    await page.getByRole('textbox', { name: 'Find in the whole log' }).fill('needle');
    await page.keyboard.press('Shift+Enter');
    await said('Line 200,001');
    await page.keyboard.press('Shift+Enter');
    await waitForRows(page, 'the line', rows => rows.some(row => row.endsWith('a needle in 20000')));
    const late = log.holdRead('log', 199_000);
    await page.keyboard.press('Enter');
    await said('Line 200,001');
    await late.asked;
    await page.keyboard.press('Shift+Enter');
    await said('Line 20,001');
    late.release();
    await button(page, 'Previous').click();
    await said('Line 2,001');
    await waitForRows(page, 'the line', rows => rows.some(row => row.endsWith('a needle in 2000')));
  });

  it('P-05h says when there is nothing to be found', async () => {
    const { page } = opened;
    await button(page, 'Find').click();
    await page.getByRole('textbox', { name: 'Find in the whole log' }).fill('no such thing');
    await page.keyboard.press('Enter');
    await said('Not found.');
    assert.match(await readPosition(page), /of 300,000$/);
  });
});

describe('finding a regular expression that needs too long', () => {
  it('P-07s marks nothing, says so, and does not hold up the page', async () => {
    // The daemon finds the last line, and never looks at those above it.
    const text = (sequence: number) => (sequence === 99 ? 'aaa' : `${'a'.repeat(40)}!`);
    const row = (sequence: number) => writeEntry({ sequence, text: text(sequence) });
    const log = new GeneratedLog({ total: 100, row });
    const opened = await openLogPage({ log });
    const { page } = opened;
    try {
      await button(page, 'Find').click();
      await page.getByRole('button', { name: 'Find in the whole log: regular expression' }).click();
      await page.getByRole('textbox', { name: 'Find in the whole log' }).fill('^(a+)+$');
      await waitForRows(page, 'the last line', rows => rows.at(-1)?.endsWith('aaa') === true);
      await page.keyboard.press('Shift+Enter');
      await page.locator('.find .said', { hasText: 'The regular expression needs too long' }).waitFor();
      assert.equal(await page.locator('.match').count(), 0);
      assert.ok(
        log.asked.some(({ method }) => method === 'log.match'),
        'the line was found',
      );
      await button(page, 'Top').click();
      await waitForRows(page, 'the top', rows => rows[0]?.includes('!') === true);
    } finally {
      await opened.close();
    }
    assert.deepEqual(opened.problems, []);
  });
});

describe('taking lines out of a log', () => {
  let opened: OpenedLogPage;
  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    assert.deepEqual(problems, []);
  });

  it('P-05l copies lines exactly as the container wrote them, without colours and without what stands before them', async () => {
    const texts = ['{"level":"info","msg":"a  b"}', '\u001b[31m  indented\u001b[0m\tand tab ', 'last'];
    const log = new GeneratedLog({
      total: 3,
      row: sequence => writeEntry({ sequence, text: texts[sequence] ?? '' }),
    });
    opened = await openLogPage({ log });
    const { page, deeds } = opened;
    await waitForRows(page, 'the lines', rows => rows.length === 3);
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+a');
    await button(page, 'Copy Lines').click();
    const copied = await waitForDeed(deeds, 'copy');
    assert.deepEqual(copied, {
      type: 'copy',
      text: '{"level":"info","msg":"a  b"}\n  indented\tand tab \nlast',
      lines: 3,
    });
  });

  it('P-05l copies what is on the screen where nothing is selected', async () => {
    opened = await openLogPage({ log: new GeneratedLog({ total: 1_000 }) });
    const { page, deeds } = opened;
    await waitForLast(page, 999);
    await button(page, 'Copy Lines').click();
    const copied = await waitForDeed(deeds, 'copy');
    assert.ok(copied.type === 'copy' && copied.lines > 20 && copied.lines < 40);
    assert.match(copied.text, /^\w+ +request 9\d\d .*\n/);
    assert.match(copied.text, /request 999 .*$/);
  });

  it('P-05l copies ten thousand lines by the keyboard, without a line that is wrapped being broken', async () => {
    const log = new GeneratedLog({
      total: 10_000,
      row: sequence => writeEntry({ sequence, text: `line ${sequence} ${'word '.repeat(40)}end` }),
    });
    opened = await openLogPage({ log, settings: { timestamps: true, wrap: true } });
    const { page } = opened;
    await waitForRows(page, 'the end', rows => /line 9999 /.test(rows.at(-1) ?? ''));
    await button(page, 'Top').click();
    await waitForRows(page, 'the top', rows => /line 0 /.test(rows[0] ?? ''));
    await waitFor(
      'all lines to be held',
      async () => {
        await page.locator('.cm-content').focus();
        await page.keyboard.press('Control+a');
        await page.keyboard.press('Control+c');
        const text = await page.evaluate(() => navigator.clipboard.readText());
        const lines = text.split('\n');
        await page.keyboard.press('PageDown');
        return (
          lines.length > 1_500 &&
          lines.every((line, index) => line === `line ${index} ${'word '.repeat(40)}end`)
        );
      },
      { limitMs: 20_000 },
    );
  });

  it('P-05m asks the window to save, and to open as a document, what is shown', async () => {
    const log = new GeneratedLog({ total: 1_000, row: buildRow });
    opened = await openLogPage({ log });
    const { page, deeds } = opened;
    await waitForLast(page, 999);
    await button(page, 'Save...').click();
    assert.deepEqual(await waitForDeed(deeds, 'save'), {
      type: 'save',
      extract: { timestamps: true, sources: true },
    });
    await page.getByRole('textbox', { name: 'Only lines with' }).fill('WARN');
    await waitForRows(page, 'warnings', rows => rows.length > 5 && rows.every(row => row.includes('WARN')));
    await button(page, 'Open as Document').click();
    assert.deepEqual(await waitForDeed(deeds, 'openDocument'), {
      type: 'openDocument',
      extract: { timestamps: true, sources: true, filterId: 'filter-1' },
    });
  });

  it('P-05m shows a line that was cut short as a whole, by mouse and by Enter', async () => {
    const log = new GeneratedLog({
      total: 3,
      row: sequence =>
        writeEntry({
          kind: sequence === 1 ? 'T' : 'L',
          sequence,
          length: sequence === 1 ? 90_000 : 4,
          text: 'text',
        }),
    });
    opened = await openLogPage({ log });
    const { page, deeds } = opened;
    await page.getByRole('button', { name: 'Show the whole line (90,000 characters)' }).click();
    assert.deepEqual(await waitForDeed(deeds, 'showLine'), { type: 'showLine', sequence: 1 });
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await waitFor('the second time', async () => deeds.length === 2, { limitMs: 5_000 });
  });

  it('P-05m shows of many lines of one length the one whose button was pressed, and no other', async () => {
    const log = new GeneratedLog({
      total: 400,
      row: sequence => writeEntry({ kind: 'T', sequence, length: 90_000, text: `line ${sequence} ` }),
    });
    opened = await openLogPage({ log });
    const { page, deeds } = opened;
    await waitForRows(page, 'the end', rows => /line 399 /.test(rows.at(-1) ?? ''));
    await button(page, 'Top').click();
    await waitForRows(page, 'the top', rows => /line 0 /.test(rows[0] ?? ''));
    const rows = page.locator('.cm-line');
    const wanted: number[] = [];
    for (const index of [1, 5, 9]) {
      const text = (await rows.nth(index).textContent()) ?? '';
      wanted.push(Number(/line (\d+) /.exec(text)?.[1]));
      await rows.nth(index).getByRole('button').press('Enter');
    }
    await waitFor('every answer', async () => deeds.length >= 3, { limitMs: 5_000 });
    assert.deepEqual(
      deeds,
      wanted.map(sequence => ({ type: 'showLine', sequence })),
    );
  });

  it('P-05l copies nothing, and says so, where there is nothing', async () => {
    opened = await openLogPage({ log: new GeneratedLog({ total: 0 }) });
    const { page, deeds } = opened;
    await button(page, 'Copy Lines').click();
    await page.locator('p.said', { hasText: 'No lines' }).waitFor();
    assert.deepEqual(deeds, []);
  });

  it('P-05l selects to the end by the keyboard, as every editor does', async () => {
    opened = await openLogPage({ log: new GeneratedLog({ total: 1_000 }) });
    const { page } = opened;
    await waitForLast(page, 999);
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Control+Shift+End');
    await page.keyboard.press('Control+c');
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(text.split('\n').length > 10, text);
    assert.match(text, /request 999 .*$/);
  });

  it('P-05h leaves to the window what it searches by', async () => {
    opened = await openLogPage({ log: new GeneratedLog({ total: 100 }) });
    const { page } = opened;
    await waitForLast(page, 99);
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+Shift+f');
    assert.equal(await page.locator('section.find').isVisible(), false);
    await page.keyboard.press('Control+f');
    await page.locator('section.find').waitFor();
  });
});
