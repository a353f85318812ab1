import { createHash } from 'node:crypto';
import { cp, readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { buildOnce, cacheDirectory, type OnProgress } from '../cache.ts';
import { runCommand } from '../runCommand.ts';

/** Absolute paths of VS Code for the browser. */
export interface Editor {
  /** The Node that runs it: the one that its native modules were built for. */
  readonly node: string;
  /** code-server, for a person. */
  readonly codeServer: string;
  /** VS Code's own server inside it, for tests. */
  readonly serverMain: string;
}

/**
 * Returns the paths of VS Code for the browser, installed from sandbox/editor/package-lock.json when this machine
 * has not installed this version before (about 2 minutes on 2 cores; needs network, libkrb5-dev and 750 MB).
 *
 * Two processes that start at once install once. Rejects with npm's words when the installation fails.
 */
export async function ensureEditor(options: {
  onProgress: OnProgress;
  signal?: AbortSignal | undefined;
  /** Where to keep it; the user's cache folder unless told. */
  cache?: string;
}): Promise<Editor> {
  const folder = await buildOnce({
    cache: options.cache ?? cacheDirectory(),
    name: `editor-${await readDigest()}`,
    build: place => install(place, options),
    onProgress: options.onProgress,
    signal: options.signal,
  });
  const codeServer = join(folder, 'node_modules', 'code-server');
  return {
    node: process.execPath,
    codeServer: join(codeServer, 'out', 'node', 'entry.js'),
    serverMain: join(codeServer, 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

const recipeFiles = ['package.json', 'package-lock.json'];

/** Names the cache entry: changes whenever what would be installed changes, or the Node it is built for. */
async function readDigest(): Promise<string> {
  const files = await Promise.all(recipeFiles.map(name => readFile(join(import.meta.dirname, name), 'utf8')));
  return createHash('sha256')
    .update(JSON.stringify([files, process.versions.modules, process.platform, process.arch]))
    .digest('hex')
    .slice(0, 16);
}

async function install(
  place: string,
  options: { onProgress: OnProgress; signal?: AbortSignal | undefined },
): Promise<void> {
  for (const name of recipeFiles) {
    await cp(join(import.meta.dirname, name), join(place, name));
  }
  const started = performance.now();
  const tell = (): void =>
    options.onProgress(
      `Installing VS Code for the browser: ${Math.round((performance.now() - started) / 1000)} s so far ` +
        '(about 2 minutes, once on this machine)',
    );
  tell();
  const timer = setInterval(tell, 10_000);
  try {
    await runCommand('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: place,
      // npm builds the native modules with the first node on PATH: it must be the one that runs them.
      env: { PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) },
      limitMs: 20 * 60_000,
      signal: options.signal,
    });
  } finally {
    clearInterval(timer);
  }
}
