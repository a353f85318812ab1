import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { stageExtension } from './stageExtension.ts';

/**
 * `npm run package`: builds the extension anew and makes slipway-VERSION.vsix of it; needs no network.
 *
 *  --version V   what it calls itself; default: the version of package.json
 *  --out FILE    where it goes; default: slipway-VERSION.vsix in this repository
 */
const root = join(import.meta.dirname, '..');
const { version: own } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
};
const { values } = parseArgs({
  options: { version: { type: 'string', default: own }, out: { type: 'string' } },
});
const { version } = values;
const out = resolve(values.out ?? join(root, `slipway-${version}.vsix`));
const place = await mkdtemp(join(tmpdir(), 'slipway-package-'));
try {
  const dist = join(place, 'bundles');
  const into = join(place, 'extension');
  await build(['--version', version, '--into', dist]);
  await stageExtension({ into, dist, version });
  await createVSIX({
    cwd: into,
    packagePath: out,
    dependencies: false,
    allowMissingRepository: true,
    ignoreFile: join(root, '.vscodeignore'),
    allowUnusedFilesPattern: true,
    // The pictures of the README are in the package.
    rewriteRelativeLinks: false,
  });
} finally {
  await rm(place, { recursive: true, force: true });
}

function build(args: readonly string[]): Promise<void> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [join(root, 'build.mjs'), ...args], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', code => (code === 0 ? done() : reject(new Error(`build.mjs ended with ${code}`))));
  });
}
