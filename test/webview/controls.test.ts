import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { GeneratedLog } from '../builders/generatedLog.ts';
import { openChecklist } from './openChecklist.ts';
import { openLogPage } from './openLogPage.ts';
import { themeNames } from './themes.ts';

describe('the controls of the toolkit', function () {
  this.timeout(60_000);
  let opened: { readonly page: Page; readonly close: () => Promise<void> };
  afterEach(() => opened?.close());

  it('have a value for each design token that their style sheets name', async () => {
    opened = await openChecklist();
    const named = await findTokens(opened.page);
    assert.deepEqual(Object.keys(named).sort(), ['VSCODE-CHECKBOX']);
    assert.ok(named['VSCODE-CHECKBOX']?.includes('--checkbox-background'), JSON.stringify(named));
    assert.deepEqual(await findMissing(opened.page), []);
  });

  for (const theme of themeNames) {
    it(`have a value for each in ${theme}, in a log as well`, async () => {
      opened = await openLogPage({ log: new GeneratedLog({ total: 10 }), theme });
      assert.deepEqual(await findMissing(opened.page), []);
    });
  }

  it('get none by script, which comes after the first look at the page', async () => {
    opened = await openChecklist();
    await opened.page.waitForLoadState('load');
    const byScript = await opened.page.evaluate(() => [
      ...[document.documentElement, document.body].map(element => element.style.cssText),
      ...document.adoptedStyleSheets.flatMap(sheet => [...sheet.cssRules].map(({ cssText }) => cssText)),
    ]);
    assert.doesNotMatch(byScript.join('\n'), /--[\w-]+: /);
  });

  for (const theme of themeNames) {
    it(`P-04d are in ${theme} what the checklist’s own buttons look like`, async () => {
      opened = await openLogPage({ log: new GeneratedLog({ total: 10 }), theme });
      const toolkit = await readLook(opened.page, 'vscode-button[appearance="secondary"]', '.control');
      await opened.close();
      opened = await openChecklist({ theme });
      assert.deepEqual(await readLook(opened.page, '.gate .button'), toolkit);
      assert.deepEqual(await readLook(opened.page, '.check .button'), toolkit);
      const { color, backgroundColor, ...shape } = await readLook(opened.page, '.actions .button.primary');
      assert.deepEqual({ ...toolkit, ...shape }, toolkit);
      const [foreground, background] = await readColors(opened.page, ['foreground', 'background']);
      assert.deepEqual([color, backgroundColor], [foreground, background]);
    });
  }
});

/** The design tokens in the style sheets of each kind of control. */
function findTokens(page: Page): Promise<Readonly<Record<string, readonly string[]>>> {
  return page.evaluate(() => {
    const found: Record<string, string[]> = {};
    for (const element of document.querySelectorAll('*')) {
      const sheets = element.tagName.startsWith('VSCODE-')
        ? (element.shadowRoot?.adoptedStyleSheets ?? [])
        : [];
      for (const { cssText } of sheets.flatMap(sheet => [...sheet.cssRules])) {
        const names = cssText.match(/--[\w-]+/g) ?? [];
        found[element.tagName] = [...new Set([...(found[element.tagName] ?? []), ...names])];
      }
    }
    return found;
  });
}

/** Those of them that are nothing where a control is. */
async function findMissing(page: Page): Promise<readonly string[]> {
  return page.evaluate(
    named =>
      Object.entries(named).flatMap(([tag, names]) =>
        [...document.querySelectorAll(tag)].flatMap(element =>
          names
            .filter(name => getComputedStyle(element).getPropertyValue(name).trim() === '')
            .map(name => `${tag}: ${name}`),
        ),
      ),
    await findTokens(page),
  );
}

/** What a button looks like; `inner` is in the shadow of the toolkit's. */
function readLook(page: Page, selector: string, inner?: string) {
  return page.evaluate(
    ([outside, inside]) => {
      const element = document.querySelector(outside ?? '');
      const control = inside ? element?.shadowRoot?.querySelector(inside) : element;
      if (!element || !control) {
        throw new Error(`${outside} is not there`);
      }
      const { color, backgroundColor, borderTopLeftRadius } = getComputedStyle(element);
      const { borderTopColor, borderTopWidth, fontSize, fontFamily, padding } = getComputedStyle(control);
      const { height } = element.getBoundingClientRect();
      return {
        ...{ color, backgroundColor, borderTopLeftRadius, borderTopColor, borderTopWidth },
        ...{ fontSize, fontFamily, padding, height },
      };
    },
    [selector, inner],
  );
}

/** Colours of the theme's buttons, as the browser writes them. */
function readColors(page: Page, names: readonly string[]): Promise<readonly string[]> {
  return page.evaluate(
    wanted =>
      wanted.map(name => {
        const probe = document.createElement('p');
        probe.style.color = `var(--vscode-button-${name})`;
        document.body.append(probe);
        const { color } = getComputedStyle(probe);
        probe.remove();
        return color;
      }),
    names,
  );
}
