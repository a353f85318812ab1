import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OnProgress } from '../cache.ts';
import { ProcessGroup, type ServerProcess } from '../serverProcess.ts';
import { waitFor } from '../waitFor.ts';
import type { Editor } from './editor.ts';
import { installExtension } from './extensionFolder.ts';
import { stopGroup } from './stopGroup.ts';

/** An editor that a person can use. */
export interface OpenedEditor {
  /** Where to open it in a browser, or that it is the desktop's window. */
  readonly address: string;
  /** Resolves when the editor has ended by itself. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Opens a folder in an editor with the built extension: VS Code in the browser, or without `editor` the desktop `code`.
 *
 * Its settings, extensions and logs are in `stateDir` and stay there. Rejects when it is not ready in 60 s.
 */
export async function openEditor(options: {
  editor?: Editor;
  folder: string;
  stateDir: string;
  /** Its environment, and so that of the daemon which the extension starts. */
  env: NodeJS.ProcessEnv;
  onProgress: OnProgress;
}): Promise<OpenedEditor> {
  const { stateDir } = options;
  const extensions = join(stateDir, 'extensions');
  const user = join(stateDir, 'user');
  await mkdir(join(user, 'User'), { recursive: true, mode: 0o700 });
  await installExtension(extensions);
  await writeFirstSettings(join(user, 'User', 'settings.json'));
  const processes = new ProcessGroup(stateDir);
  options.onProgress('Opening the editor');
  try {
    return options.editor
      ? await openInBrowser({ ...options, editor: options.editor }, { processes, extensions, user })
      : openOnDesktop(options, { processes, extensions, user });
  } catch (error) {
    await processes.stop();
    throw error;
  }
}

type Parts = { readonly processes: ProcessGroup; readonly extensions: string; readonly user: string };

async function openInBrowser(
  options: { editor: Editor; folder: string; stateDir: string; env: NodeJS.ProcessEnv },
  { processes, extensions, user }: Parts,
): Promise<OpenedEditor> {
  const { editor, folder, stateDir } = options;
  const logFile = join(stateDir, 'editor.log');
  // The log holds the address, and an earlier start's address must not be taken for this one's.
  await writeFile(logFile, '');
  const program = processes.start({
    name: 'code-server',
    command: editor.node,
    args: [
      editor.codeServer,
      ...['--auth', 'none', '--bind-addr', '127.0.0.1:0', '--config', join(stateDir, 'config.yaml')],
      ...['--user-data-dir', user, '--extensions-dir', extensions],
      ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
      ...['--disable-getting-started-override', '--ignore-last-opened'],
      // Else a login shell sets another PATH for the extension hosts.
      ...['--vscode-option', 'force-disable-user-env'],
      folder,
    ],
    logFile,
    cwd: stateDir,
    env: withoutOwnSettings(options.env),
  });
  let address: string | undefined;
  await waitFor(
    'the editor to listen',
    async () => {
      address = /HTTP server listening on (http:\/\/\S+?)\/?\s/.exec(await readFile(logFile, 'utf8'))?.[1];
      return address !== undefined;
    },
    { limitMs: 60_000, server: program },
  );
  return {
    address: `${address}/?folder=${encodeURIComponent(folder)}`,
    ended: buildEnded(program),
    stop: () => stop(program, processes),
  };
}

function openOnDesktop(
  options: { folder: string; stateDir: string; env: NodeJS.ProcessEnv },
  { processes, extensions, user }: Parts,
): OpenedEditor {
  const program = processes.start({
    name: 'code',
    command: 'code',
    args: [
      ...['--wait', '--new-window', '--user-data-dir', user, '--extensions-dir', extensions],
      ...['--disable-workspace-trust', '--disable-telemetry'],
      options.folder,
    ],
    logFile: join(options.stateDir, 'editor.log'),
    cwd: options.stateDir,
    env: options.env,
  });
  return {
    address: 'the window of VS Code that has just opened',
    ended: buildEnded(program),
    stop: () => stop(program, processes),
  };
}

async function stop(program: ServerProcess, processes: ProcessGroup): Promise<void> {
  await stopGroup(program.pid);
  await processes.stop();
}

function buildEnded(program: ServerProcess): Promise<void> {
  return new Promise(resolve => {
    const timer = setInterval(() => {
      if (program.ended() !== undefined) {
        clearInterval(timer);
        resolve();
      }
    }, 500);
    timer.unref();
  });
}

/** A calm first window; what the person changes afterwards stays. */
async function writeFirstSettings(file: string): Promise<void> {
  const settings = {
    'workbench.startupEditor': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'chat.disableAIFeatures': true,
    'telemetry.telemetryLevel': 'off',
    'git.openRepositoryInParentFolders': 'never',
    'remote.autoForwardPorts': false,
  };
  await writeFile(file, `${JSON.stringify(settings, null, 2)}\n`, { flag: 'wx' }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw error;
    }
  });
}

/** PORT and the like would change where code-server listens. */
function withoutOwnSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PORT: _port, PASSWORD: _password, HASHED_PASSWORD: _hashed, ...rest } = env;
  return Object.fromEntries(
    Object.entries(rest).filter(([name]) => !/^(VSCODE_|CODE_SERVER_|CS_)/.test(name)),
  );
}
