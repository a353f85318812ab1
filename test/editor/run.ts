import { chromium, type Page } from 'playwright-core';
import { ensureEditor } from '../../sandbox/editor/editor.ts';
import { startTestServer } from '../../sandbox/editor/testServer.ts';
import { writeEditorSettings } from '../journeys/editorSettings.ts';
import { type PreparedSuite, prepareSuite, reportResult } from './prepareSuite.ts';

/**
 * Runs the tests of this folder inside the extension host of a real VS Code in Chromium, against the built extension
 * (`npm run build`) and a real daemon of their own. Prints each result as it comes; ends with 1 when one failed.
 */
const limitMs = 8 * 60_000;
const suite = await prepareSuite(reportResult);
try {
  process.exitCode = (await runInEditor(suite)) ? 0 : 1;
} finally {
  await suite.end();
}

async function runInEditor({ bridge, stateDir, env, ...suite }: PreparedSuite): Promise<boolean> {
  const editor = await ensureEditor({ onProgress: message => console.log(message) });
  await writeEditorSettings(stateDir, 'dark');
  const server = await startTestServer({
    editor,
    stateDir,
    runsTests: true,
    asksForTrust: true,
    env: { ...process.env, ...env },
  });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    bridge.setPage(page);
    await openWithTests(page, { ...server, ...suite });
    return await withLimit(bridge.finished);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** The payload is what `--extensionDevelopmentPath` and `--extensionTestsPath` are on a command line. */
async function openWithTests(
  page: Page,
  {
    address,
    authority,
    extension,
    tests,
    folder,
  }: Pick<PreparedSuite, 'extension' | 'tests' | 'folder'> & {
    readonly address: string;
    readonly authority: string;
  },
): Promise<void> {
  const remote = (path: string) => `vscode-remote://${authority}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(tests)],
  ];
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
  await page.goto(`${address}/?${query}`);
}

async function withLimit(finished: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The tests in the editor took longer than ${limitMs / 60_000} minutes.`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([finished, late]);
  } finally {
    clearTimeout(timer);
  }
}
