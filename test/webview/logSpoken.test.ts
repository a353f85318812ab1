import assert from 'node:assert/strict';
import { waitFor } from '../../sandbox/waitFor.ts';
import { GeneratedLog } from '../builders/generatedLog.ts';
import { button, turnWheel, waitForLast, waitForRows } from './logPageView.ts';
import { type OpenedLogPage, openLogPage } from './openLogPage.ts';

type Heard = { heard: string[] };

describe('what the page of a log says aloud', () => {
  let log: GeneratedLog;
  let opened: OpenedLogPage;

  beforeEach(async () => {
    log = new GeneratedLog({ total: 20_000 });
    opened = await openLogPage({ log });
    await waitForLast(opened.page, 19_999);
    await opened.page.evaluate(listen);
  });
  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    assert.deepEqual(problems, []);
  });

  const readHeard = () => opened.page.evaluate(() => (window as unknown as Heard).heard);
  /** Waits until exactly these sentences were said, and lines have come for a while after it. */
  const waitForHeard = async (...sentences: readonly string[]) => {
    const { page } = opened;
    const isSaid = async () => (await readHeard()).length >= sentences.length;
    await waitFor(sentences.join(' '), isSaid, { limitMs: 10_000 }).catch(() => {});
    // What is said for each line, or late, would be said by now.
    const until = await page.evaluate(() => performance.now() + 1_500);
    while ((await page.evaluate(() => performance.now())) < until) {
      log.change({ total: log.view.total + 7 });
    }
    assert.deepEqual(await readHeard(), sentences);
  };

  it('P-05g is once that following has stopped, and once that it goes on', async () => {
    const { page } = opened;
    await turnWheel(page, -300);
    await button(page, /^Follow/).waitFor();
    await waitForHeard('Following stopped.');
    await button(page, /^Follow/).click();
    await button(page, 'Pause').waitFor();
    await waitForHeard('Following stopped.', 'Following again.');
    await button(page, 'Pause').press('Enter');
    await waitForHeard('Following stopped.', 'Following again.', 'Following stopped.');
  });

  it('P-05g is nothing where following goes on before anything could be said', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Pause' }).evaluate((follow: HTMLElement) => {
      follow.click();
      follow.click();
    });
    await waitForHeard();
  });

  it('P-05i is how many lines fit a filter, once it has settled, and that all are shown again', async () => {
    const { page } = opened;
    const field = page.getByRole('textbox', { name: 'Only lines with' });
    await field.pressSequentially('ERROR request', { delay: 20 });
    await waitForRows(page, 'errors', rows => rows.length > 5 && rows.every(row => row.includes('ERROR')));
    const fitting = '207 of 20,000 lines fit the filter.';
    await waitForHeard(fitting);
    await field.fill('');
    await waitForRows(page, 'all lines', rows => rows.some(row => row.includes('INFO')));
    const total = log.view.total.toLocaleString('en');
    await waitForHeard(fitting, `All ${total} lines are shown.`);
  });

  it('P-05i is how many lines fit only when a long log has been looked through', async () => {
    const { page } = opened;
    log.change({ total: 100_000 });
    log.scanOnly(10_000);
    await page.getByRole('textbox', { name: 'Only lines with' }).fill('ERROR request');
    await page.getByText(/^Filtering: 10,000 of 100,000 lines/).waitFor();
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 1_000)));
    assert.deepEqual(await readHeard(), []);
    log.scanOnly(Number.POSITIVE_INFINITY);
    await waitForHeard('1,031 of 100,000 lines fit the filter.');
  });

  it('P-05i is once that nothing fits', async () => {
    await opened.page.getByRole('textbox', { name: 'Only lines with' }).fill('no such thing');
    await waitForHeard('No line fits the filter.');
  });
});

/** Writes down what polite regions of the page say from now on; how far a filter is does not count. */
function listen(): void {
  const heard: string[] = [];
  Object.assign(window, { heard });
  new MutationObserver(changes => {
    const regions = new Set(
      changes.map(({ target }) => {
        const element = target instanceof Element ? target : target.parentElement;
        return element?.closest('[role="status"]');
      }),
    );
    for (const region of regions) {
      const text = region?.textContent ?? '';
      if (text !== '' && !text.startsWith('Filtering')) {
        heard.push(text);
      }
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}
