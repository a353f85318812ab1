import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';
import { GeneratedLog } from '../builders/generatedLog.ts';
import { button, readNumbers, readRows, turnWheel, waitForLast, waitForRows } from './logPageView.ts';
import { type OpenedLogPage, openLogPage } from './openLogPage.ts';

/** Where something is on the screen, once it stands still. */
async function waitForBox(
  locator: Locator,
): Promise<NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>> {
  for (;;) {
    const box = await locator.boundingBox();
    if (box) {
      return box;
    }
  }
}

/** Waits until the screen has moved up from a line, a frame or more after the wheel or the key, and stands still. */
async function waitForOlder(page: Page, last: number): Promise<readonly number[]> {
  let seen: readonly number[] = [];
  await waitFor(
    'older lines',
    async () => {
      const before = seen;
      seen = await readNumbers(page);
      return (seen.at(-1) ?? last) < last && `${seen}` === `${before}`;
    },
    { limitMs: 10_000 },
  );
  return seen;
}

/** Counts the frames that the page asks for until it has asked for none in half a second. */
function countFrames(page: Page, options: { readonly atLeast: number }): Promise<number> {
  return page.evaluate(async ({ atLeast }) => {
    let frames = 0;
    let last = performance.now();
    const ask = window.requestAnimationFrame;
    window.requestAnimationFrame = callback => {
      frames += 1;
      last = performance.now();
      return ask.call(window, callback);
    };
    while (frames < atLeast || performance.now() - last < 500) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    window.requestAnimationFrame = ask;
    return frames;
  }, options);
}

describe('following a log in its page', () => {
  let log: GeneratedLog;
  let opened: OpenedLogPage;

  beforeEach(async () => {
    log = new GeneratedLog({ total: 5_000 });
    opened = await openLogPage({ log, scrollBars: true });
    await waitForLast(opened.page, 4_999);
  });
  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    assert.deepEqual(problems, []);
  });

  /** Lets lines come. */
  const grow = (count: number) => log.change({ total: log.view.total + count });

  it('P-05g shows each line that comes', async () => {
    const { page } = opened;
    for (const count of [1, 1, 40, 3_000]) {
      grow(count);
      await waitForLast(page, log.view.total - 1);
    }
  });

  it('P-07g holds a few thousand lines while it follows, and those before them can be reached', async () => {
    const { page } = opened;
    for (let step = 0; step < 15; step += 1) {
      grow(1_000);
      await waitForLast(page, log.view.total - 1);
    }
    const held = await page.evaluate(() => {
      const height = document.querySelector('.cm-line')?.getBoundingClientRect().height ?? 0;
      return (document.querySelector('.cm-content')?.getBoundingClientRect().height ?? 0) / height;
    });
    assert.ok(held > 2_500 && held < 7_000, `${Math.round(held)} lines are held`);
    await page.getByRole('log').press('Control+Home');
    await waitForRows(page, 'the first line', rows => rows[0]?.includes('request 0 ') === true);
  });

  it('P-05g draws a line that comes in a few frames, and then rests', async () => {
    const { page } = opened;
    // What is before the screen is read first.
    await countFrames(page, { atLeast: 0 });
    const counted = countFrames(page, { atLeast: 1 });
    grow(1);
    const frames = await counted;
    await waitForLast(page, 5_000);
    assert.ok(frames <= 5, `${frames} frames were asked for`);
  });

  it('P-05g tells how many lines there are ten times a second while they run, and all of them in the end', async () => {
    const { page } = opened;
    const told = page.evaluate(async () => {
      const position = document.querySelector('footer .position');
      const begun = performance.now();
      let changes = 0;
      new MutationObserver(() => {
        changes += 1;
      }).observe(position as Node, { childList: true, characterData: true, subtree: true });
      while (!position?.textContent?.endsWith('of 5,200')) {
        await new Promise(resolve => setTimeout(resolve, 50));
      }
      return changes / Math.ceil((performance.now() - begun) / 100);
    });
    for (let line = 5_000; line < 5_200; line += 1) {
      grow(1);
      await waitForLast(page, line);
    }
    assert.ok((await told) <= 1.2, `${await told} changes in a tenth of a second`);
  });

  it('P-05g stops when somebody turns the wheel up, stands still, and says how many lines came', async () => {
    const { page } = opened;
    await turnWheel(page, -300);
    await button(page, 'Follow').waitFor();
    const before = await waitForOlder(page, 4_999);
    grow(1_234);
    await button(page, 'Follow (1,234 new)').waitFor();
    assert.deepEqual(await readNumbers(page), before);
    grow(6_000);
    await button(page, 'Follow (7,234 new)').waitFor();
    assert.deepEqual(await readNumbers(page), before);
  });

  /** Lets more lines come than fit on the screen, a few at a time, and looks whether those that were there still are. */
  const checkThatLinesStay = async (page: Page) => {
    await button(page, 'Follow').waitFor();
    const before = await readNumbers(page);
    assert.equal(before.at(-1), 4_999);
    for (const more of [3, 103, 503]) {
      grow(more - (log.view.total - 5_000));
      await button(page, `Follow (${more} new)`).waitFor();
      // Until the new lines have been read, drawn and measured, which takes several frames.
      await countFrames(page, { atLeast: 0 });
      assert.deepEqual((await readNumbers(page)).slice(0, before.length), before);
    }
    await turnWheel(page, 300);
    await waitForRows(page, 'the first new lines', rows => rows.some(row => row.includes('request 5002 ')));
  };

  it('P-05g stands still where it is paused at the end', async () => {
    await button(opened.page, 'Pause').click();
    await checkThatLinesStay(opened.page);
  });

  it('P-05g stands still where lines are marked at the end', async () => {
    const { page } = opened;
    const { x, y } = await waitForBox(page.locator('.cm-line', { hasText: 'request 4996 ' }));
    await page.mouse.move(x + 300, y + 5);
    await page.mouse.down();
    await page.mouse.move(x + 380, y + 40, { steps: 5 });
    await page.mouse.up();
    await checkThatLinesStay(page);
    assert.match(await page.evaluate(() => getSelection()?.toString() ?? ''), /request 4997 /);
  });

  it('P-05g stands still where it is paused at the end with wrapped lines', async () => {
    const { page } = opened;
    await button(page, 'View').click();
    await page.getByRole('checkbox', { name: 'Wrap lines' }).click();
    await button(page, 'View').click();
    await waitForLast(page, 4_999);
    await button(page, 'Pause').click();
    await checkThatLinesStay(page);
  });

  it('P-05g stands still to the side as well where it is paused at the end', async () => {
    const { page } = opened;
    await page.setViewportSize({ width: 800, height: 700 });
    const scroller = page.locator('.cm-scroller');
    await scroller.evaluate(element => {
      element.scrollLeft = 60;
    });
    await button(page, 'Pause').click();
    await checkThatLinesStay(page);
    assert.equal(await scroller.evaluate(element => element.scrollLeft), 60);
  });

  it('P-05g resumes at the end by its button', async () => {
    const { page } = opened;
    await turnWheel(page, -300);
    await button(page, 'Follow').waitFor();
    grow(20_000);
    await button(page, 'Follow (20,000 new)').click();
    await waitForLast(page, 24_999);
    await button(page, 'Pause').waitFor();
    grow(1);
    await waitForLast(page, 25_000);
  });

  it('P-05g resumes when somebody scrolls back to the end', async () => {
    const { page } = opened;
    await turnWheel(page, -300);
    await button(page, 'Follow').waitFor();
    await turnWheel(page, 5_000);
    await button(page, 'Pause').waitFor();
    grow(10);
    await waitForLast(page, 5_009);
  });

  it('P-05g pauses by its button and by the keys that go up', async () => {
    const { page } = opened;
    await button(page, 'Pause').click();
    await button(page, 'Follow').click();
    await button(page, 'Pause').waitFor();
    await page.locator('.cm-content').focus();
    await page.keyboard.press('PageUp');
    await button(page, 'Follow').waitFor();
    grow(5);
    await button(page, 'Follow (5 new)').waitFor();
    const shown = await waitForOlder(page, 4_999);
    assert.ok((shown.at(-1) ?? 0) > 4_900, 'the keys began somewhere else than on the screen');
    await page.keyboard.press('Control+End');
    await waitForLast(page, 5_004);
  });

  it('P-05g stops when somebody marks lines, so that they do not run away', async () => {
    const { page } = opened;
    const row = page.locator('.cm-line', { hasText: 'request 4990 ' });
    // Rows before the first are still being added, and every row is drawn anew with them.
    const from = await waitForBox(row);
    await page.mouse.move(from.x + 300, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(from.x + 380, from.y + 40, { steps: 5 });
    await page.mouse.up();
    await button(page, 'Follow').waitFor();
  });

  it('P-05g stops while somebody holds the scroll bar, and resumes when they let it go at the end', async () => {
    const { page } = opened;
    const box = await page.locator('.cm-scroller').boundingBox();
    assert.ok(box);
    const [x, y] = [box.x + box.width - 5, box.y + box.height - 22];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await button(page, 'Follow').waitFor();
    await page.mouse.move(x, box.y + box.height / 2, { steps: 5 });
    await waitForRows(page, 'older lines', rows => !rows.at(-1)?.includes('request 4999 '));
    // Further down until it is the end: the heights of rows that were never drawn are guesses, and become more.
    let below = box.y + box.height;
    const pulled = async () => {
      below += 5;
      await page.mouse.move(x, below);
      return (await readRows(page)).at(-1)?.includes('request 4999 ') === true;
    };
    await waitFor('the end of the log', pulled, { limitMs: 20_000 });
    assert.equal(await button(page, 'Follow').count(), 1, 'it follows before the scroll bar is let go');
    await page.mouse.up();
    await button(page, 'Pause').waitFor();
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await button(page, 'Follow').waitFor();
    const before = await waitForOlder(page, 3_500);
    grow(100);
    await button(page, 'Follow (100 new)').waitFor();
    assert.deepEqual(await readNumbers(page), before);
  });

  it('P-05g goes back to the end without a word about lines that were passed over', async () => {
    const { page } = opened;
    await button(page, 'Top').click();
    await button(page, 'Follow').waitFor();
    grow(150_000);
    await button(page, 'End').click();
    await waitForLast(page, 154_999);
    await button(page, 'Pause').waitFor();
    assert.doesNotMatch((await page.locator('footer').textContent()) ?? '', /passed over/);
  });

  it('P-07h says what it passes over after somebody has paused at the end and gone on', async () => {
    const { page } = opened;
    await button(page, 'Pause').click();
    await button(page, 'Follow').click();
    await button(page, 'Pause').waitFor();
    grow(150_000);
    await waitForLast(page, 154_999);
    await page.locator('footer', { hasText: /14\d,\d{3} lines were passed over/ }).waitFor();
  });

  it('P-07h passes over what it cannot draw in time, says so, and still reaches it', async () => {
    const { page } = opened;
    grow(150_000);
    await waitForLast(page, 154_999);
    await page.locator('footer', { hasText: /14\d,\d{3} lines were passed over/ }).waitFor();
    await page.locator('footer .position', { hasText: 'of 155,000' }).waitFor();
    await turnWheel(page, -40_000);
    await waitForRows(page, 'what was passed over', rows => /request 15[0-3]\d\d\d /.test(rows[0] ?? ''));
  });
});
