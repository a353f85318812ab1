import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** How a command is run as a person would, without Slipway. */
export type BareCommand = {
  readonly path: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The file for both output streams. */
  readonly output: string;
};

/** Runs a command to its end; resolves to its duration in milliseconds, rejects when it fails. */
export async function timeCommand({ path, args, cwd, env, output }: BareCommand): Promise<number> {
  const file = openSync(output, 'a', 0o600);
  const begun = performance.now();
  const child = spawn(path, args, { cwd, env, stdio: ['ignore', file, file] });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    const took = performance.now() - begun;
    if (code !== 0) {
      throw new Error(`${path} ${args.join(' ')} ended with ${code}: see ${output}`);
    }
    return took;
  } finally {
    closeSync(file);
  }
}
