import assert from 'node:assert/strict';
import type { LogSource } from '../../daemon/protocol/log.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { buildRow, GeneratedLog, twoPods, writeEntry } from '../builders/generatedLog.ts';
import { button, turnWheel, waitForLast, waitForRows } from './logPageView.ts';
import { type OpenedLogPage, openLogPage } from './openLogPage.ts';

describe('filtering a log in its page', () => {
  let log: GeneratedLog;
  let opened: OpenedLogPage;

  beforeEach(async () => {
    log = new GeneratedLog({ total: 20_000 });
    opened = await openLogPage({ log });
    await waitForLast(opened.page, 19_999);
  });
  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    assert.deepEqual(problems, []);
  });

  const field = (name: string) => opened.page.getByRole('textbox', { name });
  /** Shows a place of a long log that the daemon's filter is not going to reach until it is let. */
  const lookFurtherThanScanned = async () => {
    await opened.page.getByRole('slider', { name: 'Place in the log' }).fill('15000');
    await waitForRows(opened.page, 'the place', rows => rows[0]?.includes('request 15000 ') === true);
    log.change({ total: 900_000 });
    log.scanOnly(10_000);
  };

  it('P-05i shows only lines with a text, and new ones too', async () => {
    const { page } = opened;
    await field('Only lines with').fill('REQUEST 1234');
    await waitForRows(page, 'the lines that fit', rows => rows.length === 11 && / 1234 /.test(rows[0] ?? ''));
    await page.getByText('Lines 1 to 11 of 11 that fit, of 20,000', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Only lines with: match case' }).click();
    await waitForRows(page, 'nothing', rows => rows.join('') === '');
    await page.getByText('No line fits the filter.').waitFor();
    await field('Only lines with').fill('request 1234');
    await waitForRows(page, 'the lines that fit', rows => rows.length === 11);
    log.change({ total: 20_500 }, place => (place === 20_123 ? buildRow(12_345_678) : buildRow(place)));
    await waitForRows(page, 'the new line', rows => rows.length === 12 && / 12345678 /.test(rows[11] ?? ''));
    await field('Only lines with').fill('');
    await waitForLast(page, 20_499);
  });

  it('P-05i leaves lines out, by a regular expression', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'No lines with: regular expression' }).click();
    await field('No lines with').fill('request \\d*[1-9] ');
    await waitForRows(
      page,
      'round numbers',
      rows => rows.every(row => / request \d*0 /.test(row)) && rows.length > 10,
    );
    await field('Only lines with').fill('request 199');
    await waitForRows(page, 'both conditions', rows => rows.length === 11);
  });

  it('P-05i says what is wrong with a regular expression, and goes on as before', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Only lines with: regular expression' }).click();
    await field('Only lines with').fill('(unclosed');
    await page
      .getByRole('alert')
      .filter({ hasText: /This is no regular expression: .*Unterminated group/ })
      .waitFor();
    assert.equal(await field('Only lines with').getAttribute('aria-invalid'), 'true');
    await waitForLast(page, 19_999);
    assert.equal(
      log.asked.some(({ method }) => method === 'log.filter'),
      false,
    );
    await field('Only lines with').fill('(closed)?');
    await waitFor(
      'the field to be right',
      async () => (await field('Only lines with').getAttribute('aria-invalid')) === null,
      { limitMs: 5_000 },
    );
  });

  it('P-05i shows lines that are bad enough', async () => {
    const { page } = opened;
    await page.getByRole('combobox', { name: 'Severity' }).selectOption({ label: 'error and worse' });
    await waitForRows(page, 'errors', rows => rows.length > 10 && rows.every(row => row.includes('ERROR')));
    await page.getByRole('combobox', { name: 'Severity' }).selectOption({ label: 'any' });
    await waitForLast(page, 19_999);
  });

  it('P-05i keeps its place when a filter comes and goes', async () => {
    const { page } = opened;
    await page.getByRole('slider', { name: 'Place in the log' }).fill('7000');
    await waitForRows(page, 'the place', rows => rows[0]?.includes('request 7000 ') === true);
    await field('No lines with').fill('WARN');
    await waitForRows(
      page,
      'the same place without warnings',
      rows => /request 700[01] /.test(rows[0] ?? '') && rows.every(row => !row.includes('WARN')),
    );
    await field('No lines with').fill('');
    await waitForRows(
      page,
      'the same place',
      rows => /request 700[01] /.test(rows[0] ?? '') && rows.some(row => row.includes('WARN')),
    );
  });

  it('P-05i tells how far a filter has got in a long log, and comes back to its place when it is there', async () => {
    const { page } = opened;
    await lookFurtherThanScanned();
    await field('Only lines with').fill('request');
    await page.getByText('Filtering: 10,000 of 900,000 lines looked through').waitFor();
    await waitForRows(page, 'what was found so far', rows => rows[0]?.includes('request 0 ') === true);
    log.scanOnly(900_000);
    await waitForRows(page, 'the place', rows => rows[0]?.includes('request 15000 ') === true);
  });

  it('P-05i keeps saying what is wrong with one field while another is used', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Only lines with: regular expression' }).click();
    await field('Only lines with').fill('(');
    const alert = page.getByRole('alert').filter({ hasText: /This is no regular expression/ });
    await alert.waitFor();
    await field('No lines with').fill('request 1');
    await waitFor('the filter', async () => log.asked.some(({ method }) => method === 'log.filter'), {
      limitMs: 10_000,
    });
    await waitForRows(page, 'the lines that are left', rows => /request 9999 /.test(rows.at(-1) ?? ''));
    assert.equal(await alert.count(), 1);
    assert.equal(await field('Only lines with').getAttribute('aria-invalid'), 'true');
  });

  it('P-05i says at the field that was changed what the daemon finds wrong with it', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Only lines with: regular expression' }).click();
    await field('Only lines with').fill('request');
    await waitFor('the filter', async () => log.asked.some(({ method }) => method === 'log.filter'), {
      limitMs: 10_000,
    });
    log.refuseFilters('It needs too long.');
    await page.getByRole('button', { name: 'No lines with: regular expression' }).click();
    await field('No lines with').fill('(a+)+$');
    await page.getByRole('alert').filter({ hasText: 'It needs too long.' }).waitFor();
    assert.equal(await field('No lines with').getAttribute('aria-invalid'), 'true');
    assert.equal(await field('Only lines with').getAttribute('aria-invalid'), null);
  });

  it('P-05i comes back to its place though an answer from before is still on its way', async () => {
    const { page } = opened;
    await lookFurtherThanScanned();
    const old = log.holdRead('filtered', 2_000);
    await field('Only lines with').fill('request');
    await waitForRows(page, 'what was found so far', rows => rows[0]?.includes('request 0 ') === true);
    await old.asked;
    // The page looks for the place by single lines, one after the other: what is old comes in the middle of that.
    const sought = log.holdRead('filtered', 450_000);
    log.scanOnly(900_000);
    await sought.asked;
    old.release();
    await page.evaluate(
      () => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    sought.release();
    await waitForRows(page, 'the place', rows => rows[0]?.includes('request 15000 ') === true);
  });

  it('P-05d hides pods, and shows one that joins later', async () => {
    const { page } = opened;
    await button(page, 'Pods and Containers').click();
    await page.getByRole('checkbox', { name: 'agent-name-5c6f7d8b9-b7q9w' }).click();
    await waitForRows(page, 'one pod', rows => rows.length > 10 && rows.every(row => row.includes('x2k4z')));
    const joined = {
      ...(twoPods[0] as (typeof twoPods)[number]),
      id: 2,
      pod: 'agent-name-7d9-q2w3e',
      podUid: 'q',
    };
    log.change({ total: 20_003, sources: [...twoPods, joined] }, place =>
      place < 20_000
        ? buildRow(place)
        : writeEntry({ sequence: place, source: place - 20_000, text: `later ${place}` }),
    );
    await waitForRows(
      page,
      'the new pod',
      rows => /q2w3e later 20002/.test(rows.at(-1) ?? '') && /x2k4z later 20000/.test(rows.at(-2) ?? ''),
    );
    await page.getByRole('checkbox', { name: 'agent-name-5c6f7d8b9-b7q9w' }).click();
    await waitForRows(page, 'every pod', rows => /b7q9w later 20001/.test(rows.at(-2) ?? ''));
  });

  it('P-05d chooses containers, and names how each stands', async () => {
    const { page } = opened;
    const [first, second] = twoPods as [LogSource, LogSource];
    log.change({
      sources: [first, { ...second, container: 'proxy', state: 'failed', reason: 'no right to read' }],
      containers: ['agent', 'proxy'],
    });
    await button(page, 'Pods and Containers').click();
    await page.getByText('failed: no right to read').waitFor();
    await page.getByRole('group', { name: 'Containers' }).getByRole('checkbox', { name: 'agent' }).click();
    await waitFor(
      'the log to be opened with fewer containers',
      async () => {
        const last = log.asked.findLast(({ method }) => method === 'log.open');
        return JSON.stringify(last?.params['containers']) === '["proxy"]';
      },
      { limitMs: 5_000 },
    );
  });

  it('P-05e asks for another range, and for the run before the last restart', async () => {
    const { page } = opened;
    await turnWheel(page, -100);
    await button(page, 'View').click();
    await page.getByRole('combobox', { name: 'Begin with' }).selectOption({ label: 'the last 15 minutes' });
    await waitFor(
      'the range',
      async () => log.asked.findLast(({ method }) => method === 'log.open')?.params['sinceSeconds'] === 900,
      { limitMs: 5_000 },
    );
    await page.getByRole('combobox', { name: 'Begin with' }).selectOption({ label: 'everything' });
    await page.getByRole('checkbox', { name: 'Run before the last restart' }).click();
    await waitFor(
      'the previous run',
      async () => {
        const { params } = log.asked.findLast(({ method }) => method === 'log.open') ?? {};
        return params?.['previous'] === true && !('sinceSeconds' in params) && !('tailLines' in params);
      },
      { limitMs: 5_000 },
    );
    await waitFor(
      'the logs before to be closed',
      async () => log.asked.filter(({ method }) => method === 'log.close').length === 3,
      { limitMs: 5_000 },
    );
    await button(page, 'Pause').waitFor();
    await waitForLast(page, 19_999);
  });
});
