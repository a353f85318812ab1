import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { ensureTools } from '../../sandbox/ensureTools.ts';
import { createSampleRepository } from '../../sandbox/sampleRepository.ts';
import { stopSandboxDaemon } from '../../sandbox/sandboxDaemon.ts';
import { buildReason, writeRecord } from '../testRecord.ts';
import { plantSecrets } from './plantSecrets.ts';
import { recordTools } from './recordTools.ts';
import { openTestBridge, type TestBridge, type TestResult } from './testBridge.ts';

/** The suite of this folder, ready for an editor to run it. */
export type PreparedSuite = {
  /** The extension under test: this repository, built. */
  readonly extension: string;
  /** The bundle whose `run` runs every test. */
  readonly tests: string;
  /** The folder to open: the sample repository. */
  readonly folder: string;
  /** What the editor's own state may be kept in. */
  readonly stateDir: string;
  /** The environment of the editor, and so of the daemon that the extension starts. */
  readonly env: Readonly<Record<string, string>>;
  readonly bridge: TestBridge;
  /** Ends the daemon and removes every folder. */
  readonly end: () => Promise<void>;
};

const root = resolve(import.meta.dirname, '../..');

/** Bundles the suite and makes everything that it needs; `onResult` hears each test's result. */
export async function prepareSuite(onResult: (result: TestResult) => void): Promise<PreparedSuite> {
  const tests = join(root, 'out', 'editor', 'suite.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/editor/suite.ts'],
    outfile: tests,
    bundle: true,
    packages: 'external',
    external: ['vscode'],
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  const tools = await ensureTools({ onProgress: message => console.log(message) });
  const state = await mkdtemp(join(tmpdir(), 'slipway-editor-'));
  const home = join(state, 'home');
  await mkdir(home, { mode: 0o700 });
  const sample = await createSampleRepository({
    into: join(state, 'kosmos'),
    clusterId: '00000000-0000-4000-8000-000000000000',
    onProgress: () => {},
  });
  const bridge = await openTestBridge(onResult);
  return {
    extension: root,
    tests,
    folder: sample.directory,
    stateDir: join(state, 'editor'),
    env: {
      SLIPWAY_HOME: home,
      SLIPWAY_TEST_BRIDGE: bridge.address,
      ...(await recordTools(join(state, 'tools'), tools.binDirectory)),
      ...(await plantSecrets(state)),
    },
    bridge,
    end: async () => {
      await bridge.close();
      await stopSandboxDaemon(home).catch((error: unknown) => console.error(String(error)));
      await rm(state, { recursive: true, force: true });
    },
  };
}

/** Prints a test's result, and appends it to $SLIPWAY_TEST_RESULTS. */
export function reportResult(result: TestResult): void {
  const mark = { passed: '\u2714', failed: '\u2716', skipped: '-' }[result.state] ?? '?';
  console.log(`  ${mark} ${result.title}${result.error ? `\n${result.error}` : ''}`);
  const { title, state, error } = result;
  writeRecord({ title, state, ...(error ? { reason: buildReason(error) } : {}) });
}
