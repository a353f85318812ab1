import type { BrowserContext, Frame } from 'playwright-core';

/** A page whose content has come onto the screen, and when: milliseconds since 1970. */
export type ShownPage = { readonly frame: Frame; readonly at: number };

/** Hears of pages of webviews. */
export type ShownPages = {
  /** Does what makes a page be shown, and waits for its content; rejects after half a minute. */
  readonly showNext: (act: () => Promise<void>) => Promise<ShownPage>;
};

/**
 * Hears of each page of a webview when what the selector finds is on the screen: it is told, not asked for, since whoever
 * asks takes processor time that the window needs.
 */
export async function followShownPages(context: BrowserContext, selector: string): Promise<ShownPages> {
  let tell = (_shown: ShownPage) => {};
  await context.exposeBinding('slipwayShown', ({ frame }, at: number) => tell({ frame, at }));
  await context.addInitScript(`(${watchPage})(${JSON.stringify(selector)})`);
  return {
    showNext: async act => {
      const { promise, resolve, reject } = Promise.withResolvers<ShownPage>();
      const late = setTimeout(() => reject(new Error(`${selector} was not on the screen in time.`)), 30_000);
      tell = resolve;
      try {
        await act();
        return await promise;
      } finally {
        clearTimeout(late);
      }
    },
  };
}

/** How long it took, from `asked` in milliseconds since 1970, until VS Code's frame had the page's HTML the last time. */
export async function readUntilHtml({ frame }: ShownPage, asked: number): Promise<number> {
  const given = await frame.parentFrame()?.evaluate(
    `performance.timeOrigin
      + performance.getEntriesByName('webview/index.html/content/started').at(-1)?.startTime`,
  );
  return (given as number) - asked;
}

/**
 * In every frame: tells the time in the task after the frame that drew the content. It is looked for again and again, since
 * VS Code writes a page into a frame that was loaded before, which ends an observer that was begun in it; and by tasks that
 * go before others, since a timer stands behind the window's own and missed that frame in a third of the loads.
 */
const watchPage = `selector => {
  const look = () => {
    if (document.querySelector(selector)) {
      requestAnimationFrame(() => setTimeout(() => {
        globalThis.slipwayShown(performance.timeOrigin + performance.now());
      }));
    } else {
      scheduler.postTask(look, { delay: 4, priority: 'user-blocking' });
    }
  };
  if (window !== top) {
    look();
  }
}`;
