import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { buildPackage, root } from './extensionPackage.ts';
import { readZip, type ZipEntry } from './readZip.ts';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
};

/** Everything that a package may hold; whatever else is in it has come in by mistake. */
const allowed = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/package(?:\.nls)?\.json$/,
  /^extension\/(?:readme|changelog)\.md$/,
  /^extension\/LICENSE\.txt$/,
  /^extension\/THIRD-PARTY-NOTICES\.txt$/,
  /^extension\/l10n\/bundle\.l10n(?:\.[\w-]+)?\.json$/,
  /^extension\/dist\/\w+\.cjs$/,
  /^extension\/dist\/webview\/\w+\.(?:js|css)$/,
  /^extension\/media\/[\w/-]+\.(?:png|svg|md)$/,
  /^extension\/schemas\/slipway\.schema\.json$/,
];

/** Addresses that stand in the bundles for another reason than to be contacted. */
const namedHosts: Readonly<Record<string, string>> = {
  'json-schema.org': 'the name of a dialect of JSON Schema (zod)',
  'github.com': 'where client-node is at home, in its own package.json',
  'git-lfs.github.com': 'the first line of a file of git LFS',
  'login.microsoftonline.com': 'an issuer with a rule of its own, compared as text (openid-client)',
  'example.org': 'a base for relative addresses (openid-client)',
  'proxy.example': 'how the address of a proxy is to be written, in an error; nobody can have that name',
  'www.w3.org': 'the name of SVG and XML elements',
};

describe('the package of the extension', () => {
  let file = '';
  let entries: readonly ZipEntry[] = [];
  const readText = (name: string) => {
    const entry = entries.find(candidate => candidate.name === `extension/${name}`);
    assert.ok(entry, `${name} is not in the package`);
    return entry.content.toString('utf8');
  };
  const bundles = () => entries.filter(({ name }) => /^extension\/dist\/.*\.c?js$/.test(name));

  before(async function () {
    this.timeout(3 * 60_000);
    file = await buildPackage(manifest.version);
    entries = readZip(file);
  });

  it('P-11a holds what runs, what is shown and the licences, and nothing else', () => {
    const names = entries.map(({ name }) => name);
    assert.deepEqual(
      names.filter(name => !allowed.some(form => form.test(name))),
      [],
    );
    // Each form is there, but for pages and translations, which a version may have none of.
    const missing = allowed.filter(form => !names.some(name => form.test(name)));
    assert.deepEqual(
      missing.filter(form => !/webview/.test(form.source)),
      [],
    );
  });

  it('P-11a holds every bundle that the build makes', () => {
    const built = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' });
    const names = bundles().map(({ name }) => name.replace('extension/dist/', ''));
    assert.deepEqual(names.sort(), built.filter(name => /\.c?js$/.test(name)).sort());
  });

  it('P-11a is what a bare `vsce package` would take too', async () => {
    const listed = await listFiles({ cwd: root, packageManager: PackageManager.None });
    const ours = entries
      .filter(({ name }) => name.startsWith('extension/'))
      .map(({ name }) => name.replace('extension/', '').toLowerCase().replace('license.txt', 'license'));
    const unlike = listed
      .map(name => name.toLowerCase())
      .filter(name => !ours.includes(name) && name !== 'dist/third-party-notices.txt');
    assert.deepEqual(unlike, []);
  });

  it('P-11a is small, and no source map is in it or named in it', () => {
    assert.ok(statSync(file).size < 4_000_000, `${statSync(file).size} bytes`);
    for (const { name, content } of bundles()) {
      assert.ok(!content.includes('sourceMappingURL'), name);
    }
  });

  it('P-11a knows nothing of the folder that it was built in, and loads nothing but its own files', () => {
    for (const { name, content } of entries) {
      assert.ok(!content.includes(root), `${name} names ${root}`);
    }
    const own = bundles().map(({ name }) => `./${name.replace('extension/dist/', '')}`);
    const known = new Set([...builtinModules, ...builtinModules.map(id => `node:${id}`), ...own]);
    // The editor's own; and natives of ws that WS_NO_... keeps it from asking for.
    for (const id of ['vscode', 'node:sqlite', 'bufferutil', 'utf-8-validate']) {
      known.add(id);
    }
    for (const { name, content } of bundles()) {
      const asked = [...content.toString('utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map(
        match => match[1] ?? '',
      );
      assert.deepEqual(
        [...new Set(asked)].filter(id => !known.has(id)),
        [],
        name,
      );
    }
  });

  it('P-11a says to VS Code what it is, and nothing of how it was built and tested', () => {
    const packaged = JSON.parse(readText('package.json')) as Readonly<Record<string, unknown>>;
    const source = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as typeof packaged;
    for (const key of [
      'contributes',
      'capabilities',
      'activationEvents',
      'extensionKind',
      'main',
      'engines',
    ]) {
      assert.deepEqual(packaged[key], source[key], key);
    }
    assert.deepEqual(packaged['scripts'], { 'vscode:uninstall': 'node ./dist/uninstall.cjs' });
    for (const key of ['devDependencies', 'dependencies', 'allowScripts', 'private']) {
      assert.equal(packaged[key], undefined, key);
    }
  });

  it('P-11a has every picture that its README shows', () => {
    const pictures = [...readText('readme.md').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(
      match => match[1] ?? '',
    );
    assert.ok(pictures.length > 0);
    for (const picture of pictures) {
      assert.ok(
        entries.some(({ name }) => name === `extension/${picture}`),
        picture,
      );
    }
  });

  it('P-11b names every library that runs, with its licence', () => {
    const notices = readText('THIRD-PARTY-NOTICES.txt');
    const titles = [...notices.matchAll(/^ {2}(\S+) (\S+) \((.+)\)$/gm)];
    for (const name of Object.keys(manifest.dependencies)) {
      assert.ok(
        titles.some(match => match[1] === name),
        name,
      );
    }
    const open = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'MIT-0'];
    for (const [, name = '', version = '', licence = ''] of titles) {
      assert.ok(open.includes(licence), `${name} ${version} is under ${licence}`);
      assert.ok(notices.includes(`\n${name} ${version} (${licence})\n---`), `no text for ${name}`);
    }
  });

  it('P-10e holds no address that anything could be sent to', () => {
    for (const { name, content } of bundles()) {
      const hosts = [
        ...content.toString('utf8').matchAll(/\b(?:https?|wss?):\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*)/gi),
      ].map(match => match[1] ?? '');
      const unknown = hosts.filter(host => host !== 'localhost' && !Object.hasOwn(namedHosts, host));
      assert.deepEqual(unknown, [], name);
    }
  });

  it('P-10e asks for no telemetry of the editor and brings none along', () => {
    const marks =
      /createTelemetryLogger|TelemetryReporter|applicationinsights|instrumentationKey|sendBeacon|@sentry\//i;
    for (const { name, content } of bundles()) {
      assert.doesNotMatch(content.toString('utf8'), marks, name);
    }
  });
});
