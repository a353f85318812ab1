import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';
import { type BuildRow, buildRow, GeneratedLog, writeEntry } from '../builders/generatedLog.ts';
import { button, readNumbers, turnWheel, waitForDeed, waitForLast } from './logPageView.ts';
import { type OpenedLogPage, openLogPage } from './openLogPage.ts';
import type { ThemeName } from './themes.ts';

/** The rows that are drawn over the editor, as people read them; undefined while the editor shows its own. */
function readLiveRows(page: Page): Promise<readonly string[] | undefined> {
  return page.evaluate(() => {
    const live = document.querySelector<HTMLElement>('.live-rows:not([hidden])');
    const blocks = [...(live?.querySelectorAll<HTMLElement>('.live-row') ?? [])];
    const text = blocks.map(({ dataset, textContent }) => {
      return `${dataset['time'] === undefined ? '' : `${dataset['time']} `}${textContent}`;
    });
    return live ? text.join('').trimEnd().split('\n') : undefined;
  });
}

describe('a log that is too busy to be read', () => {
  let log: GeneratedLog;
  let opened: OpenedLogPage;

  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    assert.deepEqual(problems, []);
  });

  const open = async (row: BuildRow = buildRow, theme: ThemeName = 'dark') => {
    log = new GeneratedLog({ total: 5_000, row });
    opened = await openLogPage({ log, theme });
    await waitFor('the log', async () => (await opened.page.locator('.cm-line').count()) > 10, {
      limitMs: 20_000,
    });
    return opened.page;
  };

  /** Lets a thousand lines come in each second for as long as something is done. */
  const whileBusy = async <T>(act: () => Promise<T>): Promise<T> => {
    let isDone = false;
    const begun = performance.now();
    const { total } = log.view;
    const pace = (async () => {
      while (!isDone) {
        log.change({ total: total + Math.floor(performance.now() - begun) });
        // The pace at which lines come is what makes the log busy.
        await wait(10);
      }
    })();
    try {
      return await act();
    } finally {
      isDone = true;
      await pace;
    }
  };

  const waitForLive = (page: Page) =>
    waitFor('rows over the editor', async () => (await readLiveRows(page)) !== undefined, {
      limitMs: 20_000,
    });

  const waitForMore = (count: number) => {
    const { total } = log.view;
    return waitFor('more lines', async () => log.view.total > total + count, { limitMs: 20_000 });
  };

  const waitForEditor = (page: Page) =>
    waitFor('the editor', async () => (await readLiveRows(page)) === undefined, { limitMs: 20_000 });

  /** Rows that are all the same, so that the picture stands still while they run. */
  const same =
    (severity: number, text: string): BuildRow =>
    sequence =>
      writeEntry({ severity, sequence, time: '2026-11-23T10:00:00.000000000Z', text });

  const looks: readonly { readonly what: string; readonly row: BuildRow; readonly theme: ThemeName }[] = [
    { what: 'lines', theme: 'dark', row: same(3, 'one line') },
    {
      what: 'errors in colours of their own, with a tab',
      theme: 'light',
      row: same(1, '\u001b[31mERROR\u001b[0m\tno \u001b[1manswer\u001b[0m'),
    },
    { what: 'warnings', theme: 'highContrastLight', row: same(2, 'a warning') },
    { what: 'what is fatal', theme: 'dark', row: same(0, 'the end') },
    { what: 'details in colours', theme: 'highContrast', row: same(4, '\u001b[32mDEBUG\u001b[0m in detail') },
    { what: 'lines of JSON', theme: 'dark', row: same(3, '{"level":"info","msg":"an answer","ms":12}') },
    { what: 'empty lines', theme: 'dark', row: same(6, '') },
    { what: 'lines that are wider than the screen', theme: 'light', row: same(3, 'a wide line '.repeat(30)) },
  ];

  /** Compares the pictures of the log while it is busy and when it rests. */
  const comparePictures = async (page: Page) => {
    const place = page.locator('.log');
    // Rows of 21 pixels: those with parts of one are drawn a pixel higher or lower as the log grows, also at rest.
    await page.evaluate(() => {
      document.documentElement.style.setProperty('--vscode-editor-font-size', '15px');
    });
    const busy = await whileBusy(async () => {
      for (;;) {
        await waitForLive(page);
        const picture = await place.screenshot();
        if (await readLiveRows(page)) {
          return picture;
        }
      }
    });
    await waitForEditor(page);
    await waitFor('the same picture', async () => (await place.screenshot()).equals(busy), {
      limitMs: 5_000,
    });
  };

  for (const { what, row, theme } of looks) {
    it(`P-05g looks as it does when it rests: ${what}, in ${theme}`, async () => {
      await comparePictures(await open(row, theme));
    });
  }

  it('P-05p shows that the keyboard is in it', async () => {
    const page = await open(same(3, 'one line'));
    await page.getByRole('log').focus();
    await comparePictures(page);
  });

  it('P-05g shows lines without a hole, up to the last', async () => {
    const page = await open();
    await whileBusy(async () => {
      await waitForLive(page);
      for (let look = 0; look < 20; look += 1) {
        const numbers =
          (await readLiveRows(page))?.map(text => Number(/request (\d+) /.exec(text)?.[1])) ?? [];
        assert.deepEqual(
          numbers,
          numbers.map((_, index) => (numbers[0] ?? 0) + index),
        );
      }
    });
    await waitForEditor(page);
    await waitForLast(page, log.view.total - 1);
  });

  it('P-05g stops when somebody turns the wheel up, and what came before is there', async () => {
    const page = await open();
    await whileBusy(async () => {
      await waitForLive(page);
      await turnWheel(page, -600);
      await button(page, /new/).waitFor();
      assert.equal(await readLiveRows(page), undefined);
    });
    const numbers = await readNumbers(page);
    assert.ok(numbers.length > 20, `${numbers}`);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => (numbers[0] ?? 0) + index),
    );
    assert.ok((numbers.at(-1) ?? 0) < log.view.total - 1);
    assert.ok((numbers[0] ?? 0) > 5_000, `${numbers}`);
  });

  it('P-05p is read aloud with lines that are a second old at most', async () => {
    const page = await open();
    await whileBusy(async () => {
      await waitForLive(page);
      const before = log.view.total;
      await waitFor(
        'newer lines in what is read aloud',
        async () => {
          const spoken = await page.getByRole('log').ariaSnapshot();
          const last = Number([...spoken.matchAll(/request (\d+) /g)].at(-1)?.[1]);
          return last > before && (await readLiveRows(page)) !== undefined;
        },
        { limitMs: 10_000 },
      );
      assert.ok(log.view.total - before < 3_000, `${log.view.total - before} lines later`);
      const spoken = await page.locator('.log').ariaSnapshot();
      assert.equal(spoken.match(/^- /gm)?.length, 1, 'nothing but the editor is read aloud');
    });
  });

  it('P-05l copies what is on the screen', async () => {
    const page = await open();
    const before = await whileBusy(async () => {
      await waitForLive(page);
      const { total } = log.view;
      await button(page, 'Copy Lines').click();
      await waitForDeed(opened.deeds, 'copy');
      return total;
    });
    const copied = await waitForDeed(opened.deeds, 'copy');
    assert.ok(copied.type === 'copy');
    const numbers = [...copied.text.matchAll(/request (\d+) /g)].map(([, number]) => Number(number));
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => (numbers[0] ?? 0) + index),
    );
    assert.ok(numbers.length > 20 && (numbers.at(-1) ?? 0) > before - 100, `${before}: ${numbers}`);
  });

  it('P-05g is the editor for whoever presses a key in it, and goes on where the key changes nothing', async () => {
    const page = await open();
    await page.getByRole('log').focus();
    await whileBusy(async () => {
      await waitForLive(page);
      await page.keyboard.press('Control');
      await waitForLive(page);
      await page.keyboard.press('PageUp');
      await button(page, /new/).waitFor();
      assert.equal(await readLiveRows(page), undefined);
    });
  });

  it('P-05g goes on under a pointer that rests, and is the editor for whoever selects in it', async () => {
    const page = await open();
    const { x, y, height } = (await page.locator('.log').boundingBox()) ?? assert.fail('no log');
    await whileBusy(async () => {
      await page.mouse.move(x + 100, y + height / 2);
      await waitForLive(page);
      await page.mouse.down();
      await page.mouse.move(x + 300, y + height / 2 + 60, { steps: 5 });
      await page.mouse.up();
      await button(page, /new/).waitFor();
      const before = await readNumbers(page);
      await waitForMore(1_000);
      assert.deepEqual((await readNumbers(page)).slice(0, before.length), before);
      assert.equal(await readLiveRows(page), undefined);
    });
    assert.match(await page.evaluate(() => getSelection()?.toString() ?? ''), /request \d+ .*\n/);
  });

  it('P-05g rests when the connection is cut, and shows the gap with the lines that come after it', async () => {
    const page = await open();
    await whileBusy(() => waitForLive(page));
    const { total, sources } = log.view;
    log.change({ sources: sources.map(source => ({ ...source, state: 'reconnecting', reason: 'cut' })) });
    await waitForEditor(page);
    await waitForLast(page, total - 1);
    const gap = writeEntry({ kind: 'G', sequence: total, text: 'Lines of 3 s may be missing.' });
    log.change({ total: total + 1, sources }, place => (place === total ? gap : buildRow(place)));
    await whileBusy(async () => {
      await page.getByText('Lines of 3 s may be missing.').waitFor();
      await waitForLive(page);
    });
    await waitForEditor(page);
    await waitForLast(page, log.view.total - 1);
  });

  it('P-05h leaves lines to the editor while something is looked for', async () => {
    const page = await open();
    await button(page, 'Find').click();
    await whileBusy(async () => {
      await waitForLive(page);
      await page.getByRole('textbox', { name: 'Find in the whole log' }).fill('request');
      await page.locator('.match').first().waitFor();
      await waitForMore(1_000);
      assert.equal(await readLiveRows(page), undefined);
    });
  });

  it('P-05f leaves lines that are wrapped to the editor', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'View' }).click();
    await whileBusy(async () => {
      await waitForLive(page);
      await page.getByRole('checkbox', { name: 'Wrap lines' }).click();
      await waitForMore(1_000);
      assert.equal(await readLiveRows(page), undefined);
    });
  });

  const left: readonly { readonly what: string; readonly row: BuildRow }[] = [
    {
      what: 'gaps',
      row: place =>
        place % 10 === 0 ? writeEntry({ kind: 'G', sequence: place, text: 'a gap' }) : buildRow(place),
    },
    {
      what: 'lines that were cut short',
      row: place =>
        place % 10 === 0
          ? writeEntry({ kind: 'T', severity: 3, sequence: place, length: 9_000, text: 'x'.repeat(80) })
          : buildRow(place),
    },
    {
      what: 'characters that are not to be seen',
      row: place =>
        place % 10 === 0 ? writeEntry({ severity: 3, sequence: place, text: 'a\u202eb' }) : buildRow(place),
    },
  ];
  for (const { what, row } of left) {
    it(`P-05n leaves ${what} to the editor`, async () => {
      const page = await open(row);
      await whileBusy(async () => {
        await waitForMore(1_000);
        assert.equal(await readLiveRows(page), undefined);
      });
      await waitForEditor(page);
    });
  }
});
