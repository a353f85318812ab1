import assert from 'node:assert/strict';
import { GeneratedLog, writeEntry } from '../builders/generatedLog.ts';
import { button, readNumbers, readPosition, turnWheel, waitForLast, waitForRows } from './logPageView.ts';
import { type OpenedLogPage, openLogPage } from './openLogPage.ts';
import { type PageTask, recordTasksOf } from './pageTasks.ts';

/**
 * The longest that the page may be busy at a time, in milliseconds of the processor: by the clock, a machine that does
 * other things as well makes every task longer.
 */
const longestTask = 150;

describe('a log of a million lines in its page', () => {
  let log: GeneratedLog;
  let opened: OpenedLogPage;

  beforeEach(async () => {
    log = new GeneratedLog({ total: 1_000_000 });
    opened = await openLogPage({ log });
    await waitForLast(opened.page, 999_999);
  });
  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    assert.deepEqual(problems, []);
  });

  it('P-07f P-07i is reached by scrolling, part by part, without holding up the page', async function () {
    this.timeout(180_000);
    const { page } = opened;
    let lowest = 999_999;
    const tasks = await recordTasksOf(page, async () => {
      for (let turn = 0; turn < 60; turn += 1) {
        await turnWheel(page, -100_000);
        const before = lowest;
        await waitForRows(page, 'older lines', rows => {
          lowest = Number(/request (\d+)/.exec(rows[0] ?? '')?.[1] ?? before);
          return lowest < before;
        });
      }
    });
    const numbers = await readNumbers(page);
    assert.ok(lowest < 900_000, `only ${lowest} was reached`);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => (numbers[0] ?? 0) + index),
      'lines are missing, or not in their order',
    );
    assertQuick(tasks);
  });

  it('P-07f stands still while its neighbouring parts are loaded and let go', async () => {
    const { page } = opened;
    await page.getByRole('slider', { name: 'Place in the log' }).fill('500000');
    const [first] = await waitForRows(
      page,
      'the place',
      rows => rows[0]?.includes('request 500000 ') === true,
    );
    for (let turn = 0; turn < 30; turn += 1) {
      const [top = 0] = await readNumbers(page);
      await turnWheel(page, -19.6 * 40);
      await waitForRows(page, `about 40 lines before ${top}`, rows => {
        const after = Number(/request (\d+)/.exec(rows[0] ?? '')?.[1]);
        return top - after >= 35 && top - after <= 45;
      });
    }
    assert.ok(first);
  });

  it('P-07f P-07g is reached at every place by the slider, and the page holds a small part of it', async () => {
    const { page } = opened;
    const slider = page.getByRole('slider', { name: 'Place in the log' });
    for (const place of [0, 123_456, 500_000, 999_000]) {
      await slider.fill(String(place));
      await waitForRows(page, `line ${place}`, rows => rows[0]?.includes(`request ${place} `) === true);
      assert.match(await readPosition(page), new RegExp(`^Lines ${(place + 1).toLocaleString('en')} to `));
    }
    await button(page, 'Top').click();
    await waitForRows(page, 'the top', rows => rows[0]?.includes('request 0 ') === true);
    await turnWheel(page, 2_000_000);
    await waitForRows(page, 'more', rows => !rows[0]?.includes('request 0 '));
    const held = await page.evaluate(() => document.querySelector('.cm-content')?.clientHeight ?? 0);
    assert.ok(held / 18 < 300_000, `${held} pixels of lines are held`);
    await button(page, 'End').click();
    await waitForLast(page, 999_999);
  });

  it('P-07f is reached by the keyboard from end to end', async () => {
    const { page } = opened;
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+Home');
    await waitForRows(page, 'the top', rows => rows[0]?.includes('request 0 ') === true);
    await page.keyboard.press('PageDown');
    await waitForRows(page, 'the second page', rows => !rows[0]?.includes('request 0 '));
    await page.keyboard.press('Control+End');
    await waitForLast(page, 999_999);
  });

  it('P-07i takes a burst of 20 MB while it follows, without holding up the page', async () => {
    const { page } = opened;
    const tasks = await recordTasksOf(page, async () => {
      for (let burst = 0; burst < 40; burst += 1) {
        log.change({ total: log.view.total + 4_000 });
        await new Promise(resolve => setTimeout(resolve, 25));
      }
      await waitForLast(page, 1_159_999);
    });
    assertQuick(tasks);
  });

  it('P-07h says which lines are no longer kept, and goes on from the first that is', async () => {
    const { page } = opened;
    log.change({ first: 250_000 });
    await page.locator('footer', { hasText: 'The oldest 250,000 lines are no longer kept' }).waitFor();
    await button(page, 'Top').click();
    await waitForRows(page, 'the first that is kept', rows => rows[0]?.includes('request 250000 ') === true);
  });
});

describe('long lines in the page of a log', () => {
  it('P-07i shows lines of 8,192 characters, cut short, without holding up the page, and can show them whole', async () => {
    const text = 'x'.repeat(8_192);
    const row = (sequence: number) => writeEntry({ kind: 'T', sequence, length: 1_000_000, text });
    const log = new GeneratedLog({ total: 3_000, row });
    const opened = await openLogPage({ log });
    const { page, deeds } = opened;
    try {
      await waitForRows(page, 'the lines', rows => rows.length > 10);
      const tasks = await recordTasksOf(page, async () => {
        await turnWheel(page, -20_000);
        await turnWheel(page, -20_000);
        await page.getByRole('button', { name: 'View' }).click();
        await page.getByText('Wrap lines').click();
        await page.locator('.cm-lineWrapping').waitFor();
        await turnWheel(page, -5_000);
      });
      assertQuick(tasks);
      await page.getByText('Wrap lines').click();
      await page.getByRole('button', { name: 'View' }).click();
      const whole = page.getByRole('button', { name: 'Show the whole line (1,000,000 characters)' });
      await whole.first().dispatchEvent('click');
      assert.equal(deeds.at(-1)?.type, 'showLine');
    } finally {
      await opened.close();
    }
  });
});

function assertQuick(tasks: readonly PageTask[]): void {
  assert.ok(tasks.length > 20, 'nothing was recorded');
  const slow = tasks.filter(({ cpu }) => cpu > longestTask);
  assert.deepEqual(slow, []);
}
