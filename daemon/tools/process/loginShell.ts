import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { runTool } from './runTool.ts';
import type { ToolRun } from './toolRun.ts';

/** Which shell to ask, and from where. */
export type LoginShellOptions = {
  /** Its absolute path. */
  readonly shell: string;
  /** What the shell itself starts with. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly timeoutMs: number;
};

/**
 * The environment that the user's login shell gives to what it starts: where the PATH of an editor that was started
 * from a desktop falls short. Throws ToolError when the shell does not answer in time or prints something else.
 */
export async function readLoginShell(options: LoginShellOptions): Promise<Readonly<Record<string, string>>> {
  const mark = randomBytes(16).toString('hex');
  return runTool(buildRun(options.shell, mark), {
    path: options.shell,
    env: options.env,
    cwd: options.cwd,
    timeoutMs: options.timeoutMs,
    maxBytes: 4 * 1024 * 1024,
    graceMs: 500,
  });
}

/**
 * A constant: what varies comes in variables. Our own Node prints the environment, since `env -0` is not everywhere;
 * the words mean the same in sh, bash, zsh, fish and csh (no `!`, which csh would replace).
 */
export const loginShellText = `"$SLIPWAY_NODE" -e '${[
  'var z = String.fromCharCode(0), e = process.env',
  'process.stdout.write(e.SLIPWAY_MARK + z + Object.keys(e).map(k => k + "=" + e[k]).join(z) + z + e.SLIPWAY_MARK)',
].join('; ')}'`;

function buildRun(shell: string, mark: string): ToolRun<Readonly<Record<string, string>>> {
  // csh takes -l only alone.
  const flags = /csh$/.test(basename(shell)) ? '-ic' : '-ilc';
  return {
    tool: 'login shell',
    args: [flags, loginShellText],
    env: {
      SLIPWAY_NODE: process.execPath,
      SLIPWAY_MARK: mark,
      // For rc files that want to know.
      SLIPWAY_RESOLVING_ENVIRONMENT: '1',
      // Where Node is an editor's own binary.
      ELECTRON_RUN_AS_NODE: '1',
      TERM: 'dumb',
    },
    parse: ({ stdout }) => parseEnvironment(stdout, mark),
  };
}

/** Reads what stands between the marks: rc files may print before and after it. */
function parseEnvironment(stdout: string, mark: string): Readonly<Record<string, string>> {
  const start = stdout.indexOf(`${mark}\0`);
  const end = stdout.lastIndexOf(`\0${mark}`);
  if (start < 0 || end <= start) {
    throw new Error('the shell did not print its environment');
  }
  return Object.fromEntries(
    stdout
      .slice(start + mark.length + 1, end)
      .split('\0')
      .flatMap(entry => {
        const at = entry.indexOf('=');
        return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : [];
      }),
  );
}
