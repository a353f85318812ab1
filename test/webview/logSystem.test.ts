import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';
import { keptLogSchema } from '../../webview/protocol/logMessages.ts';
import { GeneratedLog, twoPods } from '../builders/generatedLog.ts';
import { button, waitForLast } from './logPageView.ts';
import { type OpenedLogPage, openLogPage } from './openLogPage.ts';
import { takePicture } from './pageChecks.ts';

describe('the page of a log, with what the system adds for some people', () => {
  let log: GeneratedLog;
  let opened: OpenedLogPage;

  beforeEach(async () => {
    const sources = twoPods.map((source, index) =>
      index === 0 ? { ...source, state: 'reconnecting' as const, reason: 'connect ECONNREFUSED' } : source,
    );
    log = new GeneratedLog({ total: 2_000, view: { sources } });
    opened = await openLogPage({ log });
    await waitForLast(opened.page, 1_999);
  });
  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    assert.deepEqual(problems, []);
  });

  /** The colour of a pixel near the corner of an element as it is drawn: what is computed is not all that is seen. */
  async function readGround(locator: Locator): Promise<string> {
    const picture = (await locator.screenshot()).toString('base64');
    // The policy of the page keeps pictures from it.
    const page = await opened.page.context().newPage();
    try {
      return await page.evaluate(async content => {
        const answer = await fetch(`data:image/png;base64,${content}`);
        const image = await createImageBitmap(await answer.blob());
        const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
        canvas?.drawImage(image, 0, 0);
        return String(canvas?.getImageData(4, 4, 1, 1).data);
      }, picture);
    } finally {
      await page.close();
    }
  }

  it('P-05p shows in the colours of the system which toggle is pressed', async () => {
    const { page } = opened;
    const pressed = page.getByRole('button', { name: 'Only lines with: match case' });
    const other = page.getByRole('button', { name: 'No lines with: match case' });
    await pressed.click();
    // Neither the ring of the keyboard nor what is below the pointer is meant.
    await page.locator('.cm-content').focus();
    await page.mouse.move(0, 0);
    await page.emulateMedia({ forcedColors: 'active' });
    assert.notEqual(await readGround(pressed), await readGround(other));
    await takePicture(page, 'logs-page-forced-colors');
  });

  it('P-05b P-05p leaves a pod its colour among the colours of the system', async () => {
    const { page } = opened;
    await button(page, 'Pods and Containers').click();
    const swatches = await page.locator('.swatch').all();
    const readColors = async () => {
      const colors: string[] = [];
      for (const swatch of swatches) {
        colors.push(await readGround(swatch));
      }
      return colors;
    };
    const before = await readColors();
    assert.equal(new Set(before).size, 2);
    await page.emulateMedia({ forcedColors: 'active' });
    assert.deepEqual(await readColors(), before);
  });

  it('P-05p says the place in the log when it is moved, and not with every line that is followed', async () => {
    const { page } = opened;
    const slider = page.getByRole('slider', { name: 'Place in the log' });
    await slider.focus();
    const before = await slider.getAttribute('aria-valuetext');
    await slider.evaluate(element => {
      Object.assign(window, { texts: 0 });
      new MutationObserver(changes => {
        (window as unknown as { texts: number }).texts += changes.length;
      }).observe(element, { attributeFilter: ['aria-valuetext'] });
    });
    for (let total = 2_001; total <= 2_020; total += 1) {
      log.change({ total });
      await waitForLast(page, total - 1);
    }
    await button(page, 'Pause').waitFor();
    assert.equal(await page.evaluate(() => (window as unknown as { texts: number }).texts), 0);
    assert.equal(await slider.getAttribute('aria-valuetext'), before);
    await page.keyboard.press('Home');
    await page.locator('input[aria-valuetext^="Lines 1 to "]').waitFor();
  });

  it('P-05d P-05p leaves the boxes of pods alone while lines come and the screen moves', async () => {
    const { page } = opened;
    await button(page, 'Pods and Containers').click();
    const box = page.getByRole('checkbox', { name: 'agent-name-5c6f7d8b9-x2k4z' });
    const before = await box.elementHandle();
    const keepsFrom = (sequence: number) =>
      waitFor(
        `a place from ${sequence} on to be kept`,
        async () => (keptLogSchema.safeParse(opened.kept()).data?.sequence ?? 0) >= sequence,
        { limitMs: 10_000 },
      );
    await keepsFrom(1_900);
    log.change({ total: 2_500 });
    await waitForLast(page, 2_499);
    await keepsFrom(2_400);
    log.change({ total: 2_600 });
    await waitForLast(page, 2_599);
    assert.equal(await before?.evaluate(element => element.isConnected), true);
  });

  it('P-05d P-05p describes the box of a pod by how the pod stands', async () => {
    const { page } = opened;
    await button(page, 'Pods and Containers').click();
    await page.getByRole('group', { name: 'Pods' }).waitFor();
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const boxes = nodes.filter(
      ({ role, name }) => role?.value === 'checkbox' && String(name?.value).startsWith('agent-name-'),
    );
    assert.deepEqual(
      boxes.map(({ name, description }) => [name?.value, description?.value]),
      [
        ['agent-name-5c6f7d8b9-x2k4z', 'connecting again: connect ECONNREFUSED'],
        ['agent-name-5c6f7d8b9-b7q9w', 'live'],
      ],
    );
  });
});
