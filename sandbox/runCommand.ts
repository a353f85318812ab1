import { execa } from 'execa';

export interface CommandOptions {
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  input?: string;
  /** Milliseconds after which the command and its children are ended; 60,000 unless told. */
  limitMs?: number;
  signal?: AbortSignal | undefined;
  onErrorLine?: (line: string) => void;
}

/**
 * Runs a program to its end and returns what it printed on standard output, without the last newline.
 *
 * Rejects with the program's own words when it fails, is not there, takes longer than its limit or is
 * cancelled; then its whole process group has been ended.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const limitMs = options.limitMs ?? 60_000;
  const child = execa(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    // A group of its own: compilers started by `go` must end with it, and Ctrl-C must reach them through us.
    detached: true,
    reject: false,
    maxBuffer: 64_000_000,
  });
  let why: string | undefined;
  const end = (reason: string): void => {
    why ??= reason;
    endGroup(child.pid);
  };
  const onAbort = (): void => end('was cancelled');
  const timer = setTimeout(() => end(`took longer than ${Math.round(limitMs / 1000)} s`), limitMs);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted === true) {
    onAbort();
  }
  try {
    if (options.onErrorLine !== undefined) {
      for await (const line of child.iterable({ from: 'stderr' })) {
        options.onErrorLine(line);
      }
    }
    const result = await child;
    if (why !== undefined || result.failed) {
      const words = result.stderr.trim() || result.stdout.trim() || result.shortMessage || '';
      throw new Error(`${command} ${args.join(' ')} ${why ?? 'failed'}: ${words.slice(-4000)}`);
    }
    return result.stdout;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid !== undefined) {
    try {
      process.kill(-pid, 'SIGTERM');
    } catch {
      // It ended by itself just now.
    }
  }
}
