import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { waitFor } from '../../sandbox/waitFor.ts';

/** `npm start` as a person runs it in a terminal, in a process group of its own. */
export class StartedSandbox {
  readonly #child: ChildProcess;
  #output = '';
  #exit: { code: number | null } | undefined;

  constructor(options: { readonly folder: string; readonly args: readonly string[] }) {
    this.#child = spawn('npm', ['start', '--', ...options.args], {
      cwd: options.folder,
      env: withoutOwnNode(process.env),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    this.#child.once('exit', code => {
      this.#exit = { code };
    });
  }

  /** Everything that was printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Resolves with the exit code. */
  async end(limitMs: number): Promise<number | null> {
    await waitFor(`npm start to end; it printed:\n${this.#output}`, async () => this.#exit !== undefined, {
      limitMs,
    });
    return this.#exit?.code ?? null;
  }

  /** Resolves with the printed address of the editor. */
  async address(limitMs: number): Promise<string> {
    const find = () => /Slipway is at\s+(http:\/\/\S+)/.exec(this.#output)?.[1];
    await waitFor('the address of the editor', async () => find() !== undefined || this.#exit !== undefined, {
      limitMs,
    });
    const address = find();
    if (address === undefined) {
      throw new Error(`npm start printed no address:\n${this.#output}`);
    }
    return address;
  }

  /** Ctrl-C, which the terminal sends to the whole process group; resolves when everything says that it has stopped. */
  async interrupt(limitMs = 60_000): Promise<void> {
    if (this.#child.pid !== undefined && this.#exit === undefined) {
      process.kill(-this.#child.pid, 'SIGINT');
    }
    // npm itself ends by the signal, so its exit code says nothing.
    const stopped = async () =>
      this.#exit !== undefined && this.#output.includes('Everything has been stopped.');
    await waitFor(`npm start to stop; it printed:\n${this.#output}`, stopped, { limitMs });
  }
}

/** The processes, by their command lines and environments, that have to do with a folder. */
export function findProcessesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(name => {
      try {
        const environment = readFileSync(`/proc/${name}/environ`, 'utf8');
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder) || environment.includes(folder);
      } catch {
        return false;
      }
    })
    .map(name => `${name} ${readCommand(name)}`);
}

function readCommand(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 200);
  } catch {
    return '';
  }
}

/** The machine's own Node, not the one of node_modules; and nothing that this npm run left in the environment. */
function withoutOwnNode(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const path = (env['PATH'] ?? '').split(delimiter).filter(folder => !folder.includes('node_modules'));
  const kept = Object.entries(env).filter(([name]) => !/^(npm_|SLIPWAY_|NODE_|INIT_CWD$)/.test(name));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}
