import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PromotionBed } from '../cluster/promotionBed.ts';
import { waitUntilSideBar } from './editorMemory.ts';
import { buildMedian, type Figure } from './figure.ts';
import { inWindow } from './inWindow.ts';
import { followShownPages, readUntilHtml } from './shownPages.ts';

const container = 'slipwayBare';

/**
 * The same window with one extension that has nothing but a view with one number in it: what VS Code itself takes, from
 * when it asks for a view while the window begins to its content.
 */
export async function measureBarePanel(bed: PromotionBed, loads: number): Promise<readonly Figure[]> {
  return inWindow(
    bed,
    async ({ page, reload, runCommand }) => {
      const restored: number[] = [];
      const untilHtml: number[] = [];
      const pages = await followShownPages(page.context(), '#asked');
      await pages.showNext(() => runCommand('View: Show Slipway Bare'));
      await waitUntilSideBar(page, container);
      // The first page after a browser's first reload of a window waits seconds for VS Code's own frame, once.
      await pages.showNext(reload);
      for (let load = 0; load < loads; load += 1) {
        const shown = await pages.showNext(reload);
        const asked = Number(await shown.frame.locator('#asked').textContent());
        restored.push(shown.at - asked);
        untilHtml.push(await readUntilHtml(shown, asked));
      }
      return [
        buildMedian({
          what: 'a view with one number while the window itself begins, without Slipway',
          unit: 'ms',
          samples: restored,
        }),
        buildMedian({
          what: 'of that, until VS Code gives its frame the HTML that the extension has set',
          unit: 'ms',
          samples: untilHtml,
        }),
      ];
    },
    { install: installBare },
  );
}

async function installBare(extensionsFolder: string): Promise<void> {
  const folder = join(extensionsFolder, 'bench.bare-1.0.0');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'main.js'), program);
  await writeFile(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
}

const manifest = {
  name: 'bare',
  publisher: 'bench',
  version: '1.0.0',
  engines: { vscode: '^1.90.0' },
  main: './main.js',
  contributes: {
    viewsContainers: { activitybar: [{ id: container, title: 'Slipway Bare', icon: 'icon.svg' }] },
    views: { [container]: [{ id: 'bare', name: 'Bare', type: 'webview' }] },
  },
};

const program = `
const { window } = require('vscode');
exports.activate = ({ subscriptions }) => {
  subscriptions.push(window.registerWebviewViewProvider('bare', {
    resolveWebviewView: ({ webview }) => {
      const asked = performance.timeOrigin + performance.now();
      webview.options = { enableScripts: true };
      webview.html = '<!DOCTYPE html><html><body><p id="asked">' + asked + '</p></body></html>';
    },
  }));
};
`;
