import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
/** What the package holds beside the bundles and its manifest. */
const parts = ['package.nls.json', 'l10n', 'README.md', 'CHANGELOG.md', 'LICENSE', 'media', 'schemas'];

/**
 * Puts the built extension into a new folder, as its package holds it: what runs, what is shown, and the licences.
 *
 * Rejects when `npm run build` has not made the bundles.
 */
export async function stageExtension(options: {
  readonly into: string;
  /** Where the bundles are; `dist/` unless told. */
  readonly dist?: string;
  /** What the package calls itself; the version of package.json unless told. */
  readonly version?: string;
}): Promise<void> {
  const { into, dist = join(root, 'dist') } = options;
  await mkdir(into, { recursive: true });
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  await writeFile(join(into, 'package.json'), buildPackagedManifest(manifest, options.version));
  for (const part of parts) {
    await cp(join(root, part), join(into, part), { recursive: true });
  }
  const filter = (source: string) => !/\.(?:map|txt)$/.test(source);
  await cp(dist, join(into, 'dist'), { recursive: true, filter }).catch((error: unknown) => {
    throw new Error('The bundles are missing: run `npm run build` first.', { cause: error });
  });
  await cp(join(dist, noticesFile), join(into, noticesFile));
}

const noticesFile = 'THIRD-PARTY-NOTICES.txt';

type Manifest = Readonly<Record<string, unknown>> & {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
};

/** Only VS Code reads it there: nothing of how the sources are built and tested. */
function buildPackagedManifest(manifest: Manifest, version = manifest.version): string {
  const {
    private: _private,
    allowScripts: _allowScripts,
    dependencies: _dependencies,
    devDependencies: _devDependencies,
    scripts,
    ...rest
  } = manifest;
  const hooks = Object.entries(scripts).filter(([name]) => name.startsWith('vscode:'));
  return `${JSON.stringify({ ...rest, version, scripts: Object.fromEntries(hooks) }, null, 2)}\n`;
}
