import { appendFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { type Editor, ensureEditor } from '../../sandbox/editor/editor.ts';
import { startTestServer } from '../../sandbox/editor/testServer.ts';
import { ensureTools } from '../../sandbox/ensureTools.ts';
import { createSampleRepository } from '../../sandbox/sampleRepository.ts';
import { stopSandboxDaemon } from '../../sandbox/sandboxDaemon.ts';
import { writeEditorSettings } from '../journeys/editorSettings.ts';
import { plantSecrets } from './plantSecrets.ts';
import { recordTools } from './recordTools.ts';
import { openTestBridge, type TestBridge } from './testBridge.ts';

/**
 * Runs the tests of this folder inside the extension host of a real VS Code in Chromium, against the built extension
 * (`npm run build`) and a real daemon of their own. Prints each result as it comes; ends with 1 when one failed.
 */
const root = join(import.meta.dirname, '..', '..');
const limitMs = 8 * 60_000;
const state = await mkdtemp(join(tmpdir(), 'slipway-editor-'));
const home = join(state, 'home');

try {
  process.exitCode = (await runSuite()) ? 0 : 1;
} finally {
  await stopSandboxDaemon(home).catch((error: unknown) => console.error(String(error)));
  await rm(state, { recursive: true, force: true });
}

async function runSuite(): Promise<boolean> {
  const editor = await ensureEditor({ onProgress: message => console.log(message) });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/editor/suite.ts'],
    outfile: 'out/editor/suite.cjs',
    bundle: true,
    packages: 'external',
    external: ['vscode'],
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  await mkdir(home, { mode: 0o700 });
  const sample = await createSampleRepository({
    into: join(state, 'kosmos'),
    clusterId: '00000000-0000-4000-8000-000000000000',
    onProgress: () => {},
  });
  const bridge = await openTestBridge(printResult);
  try {
    return await runInEditor({ editor, folder: sample.directory, bridge });
  } finally {
    await bridge.close();
  }
}

async function runInEditor(options: {
  editor: Editor;
  folder: string;
  bridge: TestBridge;
}): Promise<boolean> {
  const { editor, folder, bridge } = options;
  const stateDir = join(state, 'editor');
  const tools = await ensureTools({ onProgress: message => console.log(message) });
  await writeEditorSettings(stateDir, 'dark');
  const server = await startTestServer({
    editor,
    stateDir,
    runsTests: true,
    asksForTrust: true,
    env: {
      ...process.env,
      SLIPWAY_HOME: home,
      SLIPWAY_TEST_BRIDGE: bridge.address,
      ...(await recordTools(join(state, 'tools'), tools.binDirectory)),
      ...(await plantSecrets(state)),
    },
  });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    bridge.setPage(page);
    await openWithTests(page, { address: server.address, authority: server.authority, folder });
    return await withLimit(bridge.finished);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** The payload is what `--extensionDevelopmentPath` and `--extensionTestsPath` are on a command line. */
async function openWithTests(
  page: Page,
  { address, authority, folder }: { address: string; authority: string; folder: string },
): Promise<void> {
  const remote = (path: string) => `vscode-remote://${authority}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(join(root, 'out', 'editor', 'suite.cjs'))],
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

function printResult(result: { title: string; state: string; error?: string }): void {
  const mark = { passed: '\u2714', failed: '\u2716', skipped: '-' }[result.state] ?? '?';
  console.log(`  ${mark} ${result.title}${result.error ? `\n${result.error}` : ''}`);
  const file = process.env['SLIPWAY_TEST_RESULTS'];
  if (file) {
    appendFileSync(file, `${JSON.stringify({ title: result.title, state: result.state })}\n`);
  }
}
