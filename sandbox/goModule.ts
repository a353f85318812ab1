import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './runCommand.ts';

/** Runs go in a module's folder and returns its standard output; rejects when it fails. */
export type Go = (args: readonly string[], onErrorLine?: (line: string) => void) => Promise<string>;

/** A folder whose go.mod names programs and their versions. */
export interface GoModule {
  readonly folder: string;
  /** Changes whenever what would be built changes. */
  digest(linkerFlags: string): string;
  /** The version of a module that is required, such as `v4.3.1`. */
  version(module: string): string;
}

const leastGo = { major: 1, minor: 26 };

/** Reads go.mod and go.sum. */
export async function readGoModule(folder: string): Promise<GoModule> {
  const goMod = await readFile(join(folder, 'go.mod'), 'utf8');
  const goSum = await readFile(join(folder, 'go.sum'), 'utf8');
  return {
    folder,

    digest: linkerFlags =>
      createHash('sha256')
        .update(JSON.stringify([goMod, goSum, linkerFlags, process.platform, process.arch]))
        .digest('hex')
        .slice(0, 16),
    version: module => versionIn(goMod, module),
  };
}

/** Builds the function that runs go for a module, installing into `bin`; rejects when Go is missing or too old. */
export async function openGo(
  module: GoModule,
  options: { readonly bin: string; readonly signal?: AbortSignal | undefined },
): Promise<Go> {
  const go: Go = (args, onErrorLine) =>
    runCommand('go', args, {
      cwd: module.folder,
      env: { GOBIN: options.bin, GOWORK: 'off' },
      signal: options.signal,
      limitMs: 40 * 60_000,
      ...(onErrorLine === undefined ? {} : { onErrorLine }),
    });
  await requireGo(go);
  return go;
}

function versionIn(goMod: string, module: string): string {
  const found = goMod
    .split('\n')
    .map(line => line.trim().replace(/^require /, ''))
    .find(line => line.startsWith(`${module} v`));
  const version = found?.split(' ')[1];
  if (version === undefined) {
    throw new Error(`go.mod names no version of ${module}`);
  }
  return version;
}

async function requireGo(go: Go): Promise<void> {
  const advice = `Install Go ${leastGo.major}.${leastGo.minor} or newer (https://go.dev/dl) and put it on PATH.`;
  const version = await go(['env', 'GOVERSION']).catch((error: unknown) => {
    throw new Error(`The sandbox's programs are built with Go, which does not answer here. ${advice}`, {
      cause: error,
    });
  });
  const [, major = 0, minor = 0] = (/^go(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  if (major < leastGo.major || (major === leastGo.major && minor < leastGo.minor)) {
    throw new Error(`The sandbox's programs need a newer Go than ${version}. ${advice}`);
  }
}
