import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Frame, type Page } from 'playwright-core';
import { ensureEditor } from '../../sandbox/editor/editor.ts';
import { startTestServer } from '../../sandbox/editor/testServer.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { buildThemeClass, writeEditorSettings } from '../journeys/editorSettings.ts';
import { themeNames } from './themes.ts';

/**
 * `node test/webview/captureThemes.ts`: writes themes/NAME.json anew, the colours and sizes that the real editor gives a
 * page in each theme, as far as the built pages use them. Run it after a page began to use another variable.
 */
const root = join(import.meta.dirname, '..', '..');
const stateDir = await mkdtemp(join(tmpdir(), 'slipway-themes-'));
const used = await readUsed();
let before = '';
await writeProbe();
await writeEditorSettings(stateDir, 'dark');
const editor = await ensureEditor({ onProgress: message => console.log(message) });
const server = await startTestServer({ editor, stateDir, env: process.env, runsTests: false });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  await page.goto(`${server.address}/?folder=${encodeURIComponent(stateDir)}`);
  for (const theme of themeNames) {
    await writeEditorSettings(stateDir, theme);
    await page.waitForSelector(`.monaco-workbench.${buildThemeClass(theme)}`);
    const variables = await readSettled(page);
    const file = join(import.meta.dirname, 'themes', `${theme}.json`);
    await writeFile(file, `${JSON.stringify(variables, null, 2)}\n`);
    console.log(`${file}: ${Object.keys(variables).length}`);
  }
} finally {
  await browser.close();
  await server.stop();
  await rm(stateDir, { recursive: true, force: true });
}

/** The variables that the built pages name, and those that they name piece by piece. */
async function readUsed(): Promise<ReadonlySet<string>> {
  const dist = join(root, 'dist', 'webview');
  const files = (await readdir(dist)).filter(name => /\.(js|css)$/.test(name));
  const texts = await Promise.all(files.map(name => readFile(join(dist, name), 'utf8')));
  return new Set(texts.flatMap(text => text.match(/--vscode-[\w-]+/g) ?? []));
}

/** An extension with an empty page. */
async function writeProbe(): Promise<void> {
  const folder = join(stateDir, 'extensions', 'slipway.probe-0.0.1');
  await mkdir(folder, { recursive: true });
  const manifest = {
    name: 'probe',
    publisher: 'slipway',
    version: '0.0.1',
    engines: { vscode: '^1.110.0' },
    main: './probe.js',
    activationEvents: ['*'],
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(
    join(folder, 'probe.js'),
    `exports.activate = () => {
      const { window } = require('vscode');
      const panel = window.createWebviewPanel('probe', 'Probe', 1, {});
      panel.webview.html = '<html><body><p id="slipway-probe">probe</p></body></html>';
    };`,
  );
}

async function findProbe(page: Page): Promise<Frame | undefined> {
  for (const frame of page.frames()) {
    const found = await frame
      .locator('#slipway-probe')
      .count()
      .catch(() => 0);
    if (found > 0) {
      return frame;
    }
  }
  return undefined;
}

/** Reads the variables when the page has been told of the new theme. */
async function readSettled(page: Page): Promise<Readonly<Record<string, string>>> {
  let style = '';
  await waitFor(
    'the colours of the theme',
    async () => {
      const frame = await findProbe(page);
      style = (await frame?.evaluate(() => document.documentElement.getAttribute('style'))) ?? '';
      return style !== '' && style !== before;
    },
    { limitMs: 60_000 },
  );
  before = style;
  const pairs = style.split(';').flatMap(part => {
    const [name = '', ...value] = part.split(':');
    return [[name.trim(), value.join(':').trim()] as const];
  });
  const wanted =
    /^--vscode-(?:terminal-ansi|charts-|editor(?:Error|Warning|Info)-|editor-(?:back|fore)ground)/;
  return Object.fromEntries(pairs.filter(([name]) => used.has(name) || wanted.test(name)));
}
