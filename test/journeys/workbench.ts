import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Editor, ensureEditor } from '../../sandbox/editor/editor.ts';
import { installExtension } from '../../sandbox/editor/extensionFolder.ts';
import { startTestServer, type TestServer } from '../../sandbox/editor/testServer.ts';
import { buildThemeClass, type Theme, writeEditorSettings } from './editorSettings.ts';
import { takeScreenshot } from './screenshots.ts';

/** Visual Studio Code with the built extension in a browser, driven like a person does. */
export type Workbench = {
  readonly page: Page;
  /** Runs a command by its title in the command palette: `Slipway: Promote Release...`. */
  readonly runCommand: (title: string) => Promise<void>;
  /** Loads the window anew, as `Developer: Reload Window` does, and waits until it can be used. */
  readonly reload: () => Promise<void>;
  readonly setTheme: (theme: Theme) => Promise<void>;
  /** Changes the machine's settings; those that are not named go back to what they were. */
  readonly changeSettings: (settings: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Keeps a picture; returns its file. */
  readonly screenshot: (name: string) => Promise<string>;
  /** Ends the browser and the editor; the daemon that the extension started goes on. */
  readonly close: () => Promise<void>;
};

export type WorkbenchOptions = {
  /** The folder to open. */
  readonly folder: string;
  /** Where settings, extensions and logs go. */
  readonly stateDir: string;
  /** The environment of the editor, and so of the daemon: SLIPWAY_HOME, KUBECONFIG, PATH. */
  readonly env: NodeJS.ProcessEnv;
  readonly theme?: Theme;
  readonly size?: { readonly width: number; readonly height: number };
  /** How the extension gets into a folder of extensions; unpacked as it was built unless told. */
  readonly install?: (extensionsFolder: string) => Promise<unknown>;
  /** Another editor, or one with another Node. */
  readonly editor?: Editor;
  /** A program and its arguments that run the editor's command in a world of their own. */
  readonly wrapper?: readonly string[];
};

const readyMs = 60_000;

/** Starts the editor on a folder and opens it in Chromium; rejects when it cannot be used within a minute or two. */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { stateDir, install = installExtension, wrapper } = options;
  const editor = options.editor ?? (await ensureEditor({ onProgress: message => console.log(message) }));
  await install(join(stateDir, 'extensions'));
  await writeEditorSettings(stateDir, options.theme ?? 'dark');
  const server = await startTestServer({
    editor,
    stateDir,
    env: options.env,
    runsTests: false,
    ...(wrapper ? { wrapper } : {}),
  });
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    const page = await openPage(browser, server, options);
    return buildWorkbench(page, stateDir, async () => {
      await browser?.close();
      await server.stop();
    });
  } catch (error) {
    await browser?.close();
    await server.stop();
    throw error;
  }
}

async function openPage(browser: Browser, server: TestServer, options: WorkbenchOptions): Promise<Page> {
  const viewport = options.size ?? { width: 1400, height: 900 };
  const context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(`${server.address}/?folder=${encodeURIComponent(options.folder)}`);
  await waitUntilUsable(page);
  return page;
}

async function waitUntilUsable(page: Page): Promise<void> {
  await page.waitForSelector('.monaco-workbench .activitybar .action-label[aria-label^="Slipway"]', {
    timeout: readyMs,
  });
}

function buildWorkbench(page: Page, stateDir: string, close: () => Promise<void>): Workbench {
  return {
    page,
    runCommand: title => runCommand(page, title),
    reload: async () => {
      await page.reload();
      await waitUntilUsable(page);
    },
    setTheme: async theme => {
      await writeEditorSettings(stateDir, theme);
      await page.waitForSelector(`.monaco-workbench.${buildThemeClass(theme)}`, { timeout: 15_000 });
    },
    changeSettings: settings => writeEditorSettings(stateDir, 'dark', settings),
    screenshot: name => takeScreenshot(page, name),
    close,
  };
}

/** Types a command's title into the palette and runs the row that is exactly it. */
async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input.input');
  await input.waitFor({ state: 'visible' });
  await input.fill(`>${title}`);
  const exactly = new RegExp(`^${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
  // Marked: until the palette has looked for the title, it shows the rows that were there before.
  const label = page.locator('.label-name', { hasText: exactly, has: page.locator('.highlight') });
  await page.locator('.quick-input-list .monaco-list-row').filter({ has: label }).first().click();
}
