import { constants, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Editor, ensureEditor } from '../../sandbox/editor/editor.ts';
import { startTestServer, type TestServer } from '../../sandbox/editor/testServer.ts';
import { runCommand } from '../../sandbox/runCommand.ts';
import { createSampleRepository } from '../../sandbox/sampleRepository.ts';
import { buildSandboxEnvironment, stopSandboxDaemon } from '../../sandbox/sandboxDaemon.ts';
import type { Sandbox } from '../../sandbox/startCluster.ts';
import { startWorkbench, type Workbench } from '../journeys/workbench.ts';
import { root } from './extensionPackage.ts';

/** An editor into which packages are installed as a person does; the source tree is out of its sight. */
export type InstalledEditor = {
  /** The daemon's state folder. */
  readonly home: string;
  readonly stateDir: string;
  /** The sample repository's working tree. */
  readonly folder: string;
  /** True when the editor and what it starts cannot see the source tree. */
  readonly sourceIsHidden: boolean;
  /** Runs the editor's command line: `--install-extension FILE`. */
  readonly run: (...args: readonly string[]) => Promise<string>;
  /** Starts the editor with its window open on the sample repository. */
  readonly open: () => Promise<Workbench>;
  /** Starts the editor without a window. */
  readonly start: () => Promise<TestServer>;
  /** Ends the daemon and removes every folder. */
  readonly end: () => Promise<void>;
};

/** Makes folders for an editor and the sample repository in it; installs nothing. */
export async function prepareInstalledEditor(cluster: Sandbox): Promise<InstalledEditor> {
  const state = await mkdtemp(join(tmpdir(), 'slipway-installed-'));
  const home = join(state, 'home');
  const stateDir = join(state, 'editor');
  await mkdir(home, { mode: 0o700 });
  await mkdir(stateDir, { mode: 0o700 });
  const { directory: folder } = await createSampleRepository({
    into: join(state, 'kosmos'),
    clusterId: cluster.clusterId,
    onProgress: () => {},
  });
  const editor = await takeNodeAlong(
    await ensureEditor({ onProgress: message => console.log(message) }),
    state,
  );
  const env = buildSandboxEnvironment({
    home,
    kubeconfig: cluster.kubeconfigPath('alice'),
    toolFolder: cluster.tools.binDirectory,
  });
  const wrapper = await findWrapper(state);
  const common = { stateDir, env, editor, wrapper };
  return {
    home,
    stateDir,
    folder,
    sourceIsHidden: wrapper.length > 0,
    run: (...args) => runEditor({ editor, stateDir, env, args }),
    open: () => startWorkbench({ ...common, folder, install: async () => {} }),
    start: () => startTestServer({ ...common, runsTests: false }),
    end: async () => {
      await stopSandboxDaemon(home);
      await rm(state, { recursive: true, force: true });
    },
  };
}

/** The Node that runs the tests is in the source tree; the editor gets a copy of its own. */
async function takeNodeAlong(editor: Editor, state: string): Promise<Editor> {
  const node = join(state, 'node');
  await copyFile(editor.node, node, constants.COPYFILE_FICLONE);
  return { ...editor, node };
}

const hide = 'mount -t tmpfs -o size=4k hidden "$0" && exec "$@"';

/** A program that runs a command in a world without the source tree; none where this user may not do that. */
async function findWrapper(cwd: string): Promise<readonly string[]> {
  for (const options of [['--mount'], ['--mount', '--map-root-user']]) {
    const wrapper = ['unshare', ...options, '--', 'sh', '-c', hide, root];
    const [command = '', ...args] = wrapper;
    const seen = await runCommand(command, [...args, 'ls', '-A', root], { cwd }).catch(() => undefined);
    if (seen === '') {
      return wrapper;
    }
  }
  return [];
}

function runEditor(options: {
  editor: Editor;
  stateDir: string;
  env: Readonly<Record<string, string>>;
  args: readonly string[];
}): Promise<string> {
  const { editor, stateDir, env, args } = options;
  const folder = (name: string) => join(stateDir, name);
  return runCommand(
    editor.node,
    [
      editor.serverMain,
      '--accept-server-license-terms',
      ...['--user-data-dir', folder('user'), '--server-data-dir', folder('server')],
      ...['--extensions-dir', folder('extensions')],
      ...args,
    ],
    { cwd: stateDir, env, limitMs: 120_000 },
  );
}
