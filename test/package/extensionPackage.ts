import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCommand } from '../../sandbox/runCommand.ts';

/** The repository. */
export const root = resolve(import.meta.dirname, '../..');

const folder = mkdtempSync(join(tmpdir(), 'slipway-vsix-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const packages = new Map<string, Promise<string>>();

/** Makes the extension's package with `npm run package`, once per version and test run; resolves to its file. */
export function buildPackage(version: string): Promise<string> {
  const known = packages.get(version) ?? make(version);
  packages.set(version, known);
  return known;
}

async function make(version: string): Promise<string> {
  const file = join(folder, `slipway-${version}.vsix`);
  await runCommand('npm', ['run', '--silent', 'package', '--', '--version', version, '--out', file], {
    cwd: root,
    limitMs: 3 * 60_000,
  });
  return file;
}
