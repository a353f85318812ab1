import { copyFile, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { type Browser, chromium } from 'playwright-core';
import { isProgram } from '../../daemon/tools/process/isProgram.ts';
import { cacheDirectory } from '../../sandbox/cache.ts';
import { withoutClauses } from '../acceptanceIds.ts';
import { writeEditorSettings } from '../journeys/editorSettings.ts';
import { skippedExitCode } from '../layers.ts';
import { type PreparedSuite, prepareSuite, reportResult } from './prepareSuite.ts';

/**
 * `npm run test:electron`: runs the suite of this folder in the desktop's VS Code, by @vscode/test-electron, which
 * downloads it unless SLIPWAY_VSCODE names one that is there. Where it can neither be had nor shown, that is said and
 * recorded as skipped, and the program ends with 77: it is never a pass.
 */
const title = 'the editor suite in the desktop\u2019s VS Code';
const downloadMs = 15_000;
const editor = await findEditor();
if ('problem' in editor) {
  reportResult({ title: `${title}: ${editor.problem}`, state: 'skipped' });
  process.exitCode = skippedExitCode;
} else {
  process.exitCode = (await runOnDesktop(editor)) ? 0 : 1;
}

type DesktopEditor = {
  readonly executable: string;
  /** What stands before the editor's own arguments: where a screen must be made first. */
  readonly before: readonly string[];
};

/** The desktop's VS Code and a screen for it, or why there is none here. */
async function findEditor(): Promise<DesktopEditor | { readonly problem: string }> {
  const hasScreen = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  const screen = hasScreen ? undefined : findProgram('xvfb-run');
  const code = await findCode();
  if ('problem' in code) {
    return code;
  }
  if (hasScreen) {
    return { executable: code.path, before: [] };
  }
  return screen
    ? { executable: screen, before: ['--auto-servernum', code.path] }
    : { problem: 'there is no screen: neither DISPLAY nor xvfb-run' };
}

async function findCode(): Promise<{ readonly path: string } | { readonly problem: string }> {
  const named = process.env['SLIPWAY_VSCODE'];
  if (named) {
    return { path: named };
  }
  try {
    const cachePath = join(cacheDirectory(), 'vscode');
    return { path: await downloadAndUnzipVSCode({ version: 'stable', cachePath, timeout: downloadMs }) };
  } catch (error) {
    return {
      problem: `VS Code cannot be downloaded here: ${error instanceof Error ? error.message : error}`,
    };
  }
}

async function runOnDesktop({ executable, before }: DesktopEditor): Promise<boolean> {
  let results = 0;
  const suite = await prepareSuite(result => {
    results++;
    // Other editors prove the clauses, or do not: nothing is proven or unproven by this one.
    reportResult({ ...result, title: `desktop: ${withoutClauses(result.title)}` });
  });
  const looking = new AbortController();
  try {
    const port = await pickPort();
    const browser = showPage(suite, port, looking.signal);
    const passed = await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: suite.extension,
      extensionTestsPath: suite.tests,
      extensionTestsEnv: suite.env,
      launchArgs: [...before, suite.folder, ...(await buildArguments(suite, port))],
    }).then(
      // What the suite said last must have come; an editor that runs nothing ends well too.
      () => Promise.race([suite.bridge.finished, wait(5_000, false)]),
      (error: unknown) => {
        console.log(String(error));
        return false;
      },
    );
    looking.abort();
    await (await browser)?.close();
    if (results === 0) {
      console.log('VS Code ended without running a single test.');
    }
    return passed && results > 0;
  } finally {
    await suite.end();
  }
}

/** Its own folders, and a port on which its window can be looked at. */
async function buildArguments({ stateDir }: PreparedSuite, port: number): Promise<readonly string[]> {
  const user = join(stateDir, 'user');
  await writeEditorSettings(stateDir, 'dark');
  await mkdir(join(user, 'User'), { recursive: true });
  await copyFile(join(user, 'Machine', 'settings.json'), join(user, 'User', 'settings.json'));
  return [
    `--user-data-dir=${user}`,
    `--extensions-dir=${join(stateDir, 'extensions')}`,
    `--remote-debugging-port=${port}`,
  ];
}

/** Gives the tests the editor's window to look at, as soon as there is one. */
async function showPage(
  suite: PreparedSuite,
  port: number,
  signal: AbortSignal,
): Promise<Browser | undefined> {
  let browser: Browser | undefined;
  while (!signal.aborted) {
    browser ??= await chromium.connectOverCDP(`http://127.0.0.1:${port}`).catch(() => undefined);
    const pages = browser?.contexts().flatMap(context => context.pages()) ?? [];
    const page = pages.find(candidate => candidate.url().includes('workbench'));
    if (page) {
      suite.bridge.setPage(page);
      break;
    }
    await wait(200);
  }
  return browser;
}

function pickPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map(folder => join(folder, name)).find(isProgram);
}
