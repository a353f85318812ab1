import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const tools = ['git', 'helm', 'kubectl', 'argocd', 'flyway'];

/**
 * Makes a folder of tools that write down each call before they do what the real ones do, those of `realTools` first;
 * resolves to the environment in which they are found first.
 */
export async function recordTools(
  folder: string,
  realTools: string,
): Promise<Readonly<Record<string, string>>> {
  const record = join(folder, 'calls.txt');
  await mkdir(folder, { recursive: true });
  await writeFile(record, '');
  const path = [realTools, process.env['PATH'] ?? ''].join(delimiter);
  for (const tool of tools) {
    // The real one is whatever would have been found without this folder.
    const script = `#!/bin/sh\necho "${tool} $*" >> '${record}'\nPATH='${path}' exec ${tool} "$@"\n`;
    await writeFile(join(folder, tool), script, { mode: 0o755 });
  }
  return {
    PATH: [folder, path].join(delimiter),
    SLIPWAY_TEST_CALLS: record,
  };
}

/** Every call of a tool so far, oldest first: `git status`. */
export async function readCalls(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const record = env['SLIPWAY_TEST_CALLS'];
  if (!record) {
    throw new Error('Nobody writes down the calls: SLIPWAY_TEST_CALLS is not set.');
  }
  return (await readFile(record, 'utf8')).split('\n').filter(Boolean);
}
