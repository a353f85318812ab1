import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProcessGroup } from '../serverProcess.ts';
import { waitFor } from '../waitFor.ts';
import type { Editor } from './editor.ts';
import { stopGroup } from './stopGroup.ts';

/** VS Code's server for tests, ready for a browser. */
export interface TestServer {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  /** `127.0.0.1:PORT`, the authority of its `vscode-remote` addresses. */
  readonly authority: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

/**
 * Starts VS Code's server on a port of 127.0.0.1 that the system chooses.
 *
 * Settings, logs and extensions are in `stateDir`. Rejects with the server's last words when it is not ready in 60 s.
 */
export async function startTestServer(options: {
  editor: Editor;
  stateDir: string;
  /** The environment of the server, its extension hosts, and so of the daemon that the extension starts. */
  env: NodeJS.ProcessEnv;
  /** True for tests inside the extension host; then VS Code shows no notification by itself. */
  runsTests: boolean;
  /** True where a window asks whether a folder is trusted, as VS Code does; otherwise every folder is. */
  asksForTrust?: boolean;
  /** A program and its arguments that run the server's command in a world of their own. */
  wrapper?: readonly string[];
}): Promise<TestServer> {
  const { editor, stateDir } = options;
  const folders = ['user', 'server', 'extensions'].map(name => join(stateDir, name));
  for (const folder of folders) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  const [user = '', server = '', extensions = ''] = folders;
  const logFile = join(stateDir, 'editor.log');
  // An earlier start's port must not be taken for this one's.
  await writeFile(logFile, '');
  const processes = new ProcessGroup(stateDir);
  const [command = editor.node, ...before] = [...(options.wrapper ?? []), editor.node];
  const program = processes.start({
    name: 'vscode-server',
    command,
    args: [
      ...before,
      editor.serverMain,
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
      ...['--accept-server-license-terms', '--telemetry-level', 'off'],
      ...(options.asksForTrust ? [] : ['--disable-workspace-trust']),
      // Else a login shell sets another PATH for the extension hosts.
      '--force-disable-user-env',
      ...(options.runsTests ? ['--enable-smoke-test-driver'] : []),
      ...['--user-data-dir', user, '--server-data-dir', server, '--extensions-dir', extensions],
    ],
    logFile,
    cwd: stateDir,
    env: options.env,
  });
  const stop = async (): Promise<void> => {
    await stopGroup(program.pid);
    await processes.stop();
  };
  try {
    let port: string | undefined;
    await waitFor(
      'the editor to listen',
      async () => {
        port = /Extension host agent listening on (\d+)/.exec(await readFile(logFile, 'utf8'))?.[1];
        return port !== undefined;
      },
      { limitMs: 60_000, server: program },
    );
    const authority = `127.0.0.1:${port}`;
    return { address: `http://${authority}`, authority, logFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
