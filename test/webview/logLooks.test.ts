import assert from 'node:assert/strict';
import { waitFor } from '../../sandbox/waitFor.ts';
import { readContrast } from '../../webview/shared/readableColor.ts';
import { buildRow, GeneratedLog, twoPods, writeEntry } from '../builders/generatedLog.ts';
import { button, readRows, waitForRows } from './logPageView.ts';
import { type OpenedLogPage, type OpenLogOptions, openLogPage } from './openLogPage.ts';
import { themeNames } from './themes.ts';

const esc = '\u001b';

/** A log of these rows. */
function rowsOf(...rows: readonly ((sequence: number) => string)[]): GeneratedLog {
  return new GeneratedLog({ total: rows.length, row: place => rows[place]?.(place) ?? '' });
}

const line =
  (text: string, severity = 6, source = 0) =>
  (sequence: number) =>
    writeEntry({ sequence, severity, source, text });

describe('what the page of a log looks like', () => {
  let opened: OpenedLogPage;
  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    assert.deepEqual(problems, []);
  });

  async function open(log: GeneratedLog, options: Omit<OpenLogOptions, 'log'> = {}): Promise<void> {
    opened = await openLogPage({ log, ...options });
    await waitForRows(opened.page, 'the log', rows => rows.length > 0 && rows[0] !== '');
  }

  it('P-05b gives each pod its colour and its name before its lines', async () => {
    await open(new GeneratedLog({ total: 100 }));
    const tags = await opened.page.locator('.row-tag').evaluateAll(list =>
      list.slice(-2).map(tag => ({
        text: tag.textContent,
        title: (tag as HTMLElement).title,
        color: getComputedStyle(tag).color,
      })),
    );
    assert.deepEqual(
      tags.map(({ text, title }) => [text, title]),
      [
        ['x2k4z', 'agent-name-5c6f7d8b9-x2k4z/agent'],
        ['b7q9w', 'agent-name-5c6f7d8b9-b7q9w/agent'],
      ],
    );
    assert.notEqual(tags[0]?.color, tags[1]?.color);
  });

  it('P-05b gives a pod that joins a colour of its own, and tells of it in a row', async () => {
    const log = new GeneratedLog({ total: 10 });
    await open(log);
    const joined = { ...twoPods[0], id: 2, pod: 'agent-name-7d9-q2w3e', podUid: 'uid-q2w3e' };
    log.change({ total: 12, sources: [...twoPods, joined as (typeof twoPods)[number]] }, place => {
      if (place === 10) {
        return writeEntry({
          kind: 'N',
          sequence: 10,
          source: 2,
          text: 'Pod agent-name-7d9-q2w3e, container agent, joined.',
        });
      }
      return place === 11
        ? writeEntry({ sequence: 11, source: 2, text: 'INFO hello from the new pod' })
        : buildRow(place);
    });
    const rows = await waitForRows(opened.page, 'the new pod', found =>
      /q2w3e INFO hello/.test(found.at(-1) ?? ''),
    );
    assert.match(rows.at(-2) ?? '', /Note: q2w3e Pod agent-name-7d9-q2w3e, container agent, joined\./);
    const colors = await opened.page
      .locator('.row-tag')
      .evaluateAll(list => new Set(list.map(tag => getComputedStyle(tag).color)).size);
    assert.equal(colors, 3);
  });

  it('P-05f shows times or not, exact ones on demand, and the screen stands still', async () => {
    await open(new GeneratedLog({ total: 500 }));
    const { page } = opened;
    const before = await readRows(page);
    assert.match(before[0] ?? '', /\d\d:\d\d:\d\d\.\d\d\d /);
    await page
      .locator('.cm-line')
      .last()
      .hover({ position: { x: 40, y: 8 } });
    await page.locator('.cm-scroller[title="2026-11-23T10:00:04.990000000Z"]').waitFor();
    await page
      .locator('.cm-line')
      .last()
      .hover({ position: { x: 300, y: 8 } });
    await page.locator('.cm-scroller[title=""]').waitFor();
    await page.getByRole('button', { name: 'View' }).click();
    await page.getByRole('checkbox', { name: 'Times' }).click();
    await waitForRows(
      page,
      'no times, and the same end',
      rows => !/\d\d:\d\d:\d\d/.test(rows[0] ?? '') && /request 499 /.test(rows.at(-1) ?? ''),
    );
  });

  it('P-05f wraps long lines or not', async () => {
    await open(rowsOf(line('word '.repeat(200)), line('the second line')));
    const { page } = opened;
    const height = async () => (await page.locator('.cm-line').first().boundingBox())?.height ?? 0;
    const before = await height();
    await page.getByRole('button', { name: 'View' }).click();
    await page.getByRole('checkbox', { name: 'Wrap lines' }).click();
    await waitFor('wrapped lines', async () => (await height()) > before * 5, { limitMs: 10_000 });
    await page.getByRole('checkbox', { name: 'Wrap lines' }).click();
    await waitFor('lines that are not', async () => (await height()) === before, { limitMs: 10_000 });
  });

  it('P-05f begins as the settings say', async () => {
    await open(rowsOf(line('word '.repeat(200))), { settings: { timestamps: false, wrap: true } });
    assert.equal(await opened.page.locator('.cm-line[data-time]').count(), 0);
    assert.equal(await opened.page.locator('.cm-lineWrapping').count(), 1);
  });

  it('P-05k makes lines of JSON readable, and shows them as they are when that is wanted', async () => {
    const json = '{"level":"error","time":"t1","msg":"no answer","tries":3,"id":12345678901234567890}';
    await open(rowsOf(line(json, 1)));
    const { page } = opened;
    await waitForRows(page, 'readable JSON', ([row]) =>
      /ERROR t1 no answer tries=3 id=12345678901234567890$/.test(row ?? ''),
    );
    await page.getByRole('button', { name: 'View' }).click();
    await page.getByRole('checkbox', { name: 'JSON lines readable' }).click();
    await waitForRows(page, 'raw JSON', ([row]) => row?.endsWith(json) === true);
  });

  it('P-05n shows gaps and notices as rows of their own kind', async () => {
    const gap = 'Lines from 10:00:01 to 10:00:09 (8.0 s) may be missing: the log was rotated.';
    await open(
      rowsOf(
        line('before'),
        sequence => writeEntry({ kind: 'G', sequence, text: gap }),
        sequence => writeEntry({ kind: 'N', sequence, text: 'Container agent was restarted.' }),
      ),
    );
    const { page } = opened;
    assert.ok((await page.locator('.row-gap').textContent())?.includes(`Gap: x2k4z ${gap}`));
    assert.match((await page.locator('.row-notice').textContent()) ?? '', /Note: x2k4z Container agent/);
    const border = await page.locator('.row-gap').evaluate(row => getComputedStyle(row).borderTopStyle);
    assert.equal(border, 'dashed');
  });

  it('P-05n says how the log stands when it is not live, and counts gaps', async () => {
    const log = new GeneratedLog({ total: 10 });
    await open(log);
    const { page } = opened;
    assert.equal(await page.locator('.banner').isVisible(), false);
    log.change({ state: 'reconnecting', reason: 'connect ECONNREFUSED', gaps: 2 });
    await page.getByText('connecting again: connect ECONNREFUSED').waitFor();
    await page.getByText('Gaps: 2').waitFor();
    log.change({ state: 'failed', reason: 'alice may not read logs here.' });
    await page.getByText('failed: alice may not read logs here.').waitFor();
    log.change({ state: 'ended', reason: 'The pod is gone.' });
    await page.getByText('ended: The pod is gone.').waitFor();
    await opened.send({ type: 'trouble', message: 'No connection to the daemon.' });
    await page.getByText('No connection to the daemon.').waitFor();
    await opened.send({ type: 'trouble' });
    await page.getByText('ended: The pod is gone.').waitFor();
  });

  it('P-05j never lets a log do anything to the page', async () => {
    const evil = [
      '<img src=x onerror=alert(1)><script>alert(1)</script>',
      `${esc}]8;;https://evil.example${esc}\\click me${esc}]8;;${esc}\\`,
      `${esc}[2J${esc}[1;1Hover the top`,
      `tab\there, bell\u0007, right-to-left \u202egnp.exe`,
      `unfinished ${esc}]0;title`,
    ];
    await open(rowsOf(...evil.map(text => line(text))));
    const { page } = opened;
    assert.equal(await page.locator('.log a, .log img:not(.cm-widgetBuffer), .log script').count(), 0);
    const rows = (await readRows(page)).map(row => row.replace(/^.*? x2k4z /, ''));
    assert.equal(rows[0], evil[0]);
    assert.equal(rows[1], 'click me');
    assert.equal(rows[2], 'over the top');
    assert.match(rows[3] ?? '', /bell\u2407, right-to-left \u2022gnp\.exe/);
    assert.match(rows[4] ?? '', /unfinished 0;title/);
  });

  for (const theme of themeNames) {
    it(`P-05j P-05k has colours that can be read, in ${theme}`, async () => {
      const codes = [...Array(8).keys()].flatMap(code => [30 + code, 90 + code, 40 + code, 100 + code]);
      await open(
        rowsOf(
          ...codes.map(code => line(`${esc}[${code}mcolour${esc}[0m`)),
          line('fatal', 0),
          line('error', 1),
          line('warning', 2),
          line('debug', 4),
        ),
        { theme, size: { width: 800, height: 1100 } },
      );
      const { page } = opened;
      const seen = await page.evaluate(() => {
        const ground = getComputedStyle(document.body).backgroundColor;
        return [...document.querySelectorAll('.cm-line, .cm-line span[class*="ansi-"], .row-tag')].map(
          element => {
            const { color, backgroundColor } = getComputedStyle(element);
            const isClear = backgroundColor === 'rgba(0, 0, 0, 0)';
            return { text: element.className, color, ground: isClear ? ground : backgroundColor };
          },
        );
      });
      assert.ok(seen.length > 60);
      for (const { text, color, ground } of seen) {
        const contrast = readContrast(toRgb(color), toRgb(ground));
        assert.ok(contrast >= 4.45, `${text}: ${color} on ${ground} is ${contrast.toFixed(2)}`);
      }
    });
  }

  it('P-05n says that a log is still empty, and shows its first line when it comes', async () => {
    const log = new GeneratedLog({ total: 0 });
    opened = await openLogPage({ log });
    await opened.page.getByText('Nothing has been written yet.').waitFor();
    log.change({ total: 1 });
    await waitForRows(opened.page, 'the first line', rows => rows[0]?.includes('request 0 ') === true);
    assert.equal(await button(opened.page, 'Pause').count(), 1);
  });
});

function toRgb(color: string): readonly [number, number, number] {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
