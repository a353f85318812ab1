// `npm run build`: bundles the daemon, the extension and the pages into dist/.
// --watch          builds again after each change
// --development    readable code with linked source maps
// --daemon FILE    builds nothing but the daemon, to FILE
// --version V      what the build calls itself; default: the version of package.json
// --into FOLDER    where the bundles go instead of dist/, with the licence notices of what is in them
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, context } from 'esbuild';
import { buildNotices } from './packaging/buildNotices.ts';

const root = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    watch: { type: 'boolean', default: false },
    development: { type: 'boolean', default: false },
    daemon: { type: 'string' },
    into: { type: 'string', default: 'dist' },
    version: {
      type: 'string',
      default: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    },
  },
});

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  minify: !values.development,
  // Source maps stay out of the package: they are for whoever reads a stack from the log.
  sourcemap: values.development ? 'linked' : 'external',
  legalComments: 'none',
  metafile: true,
  logLevel: values.watch ? 'info' : 'warning',
  define: {
    slipwayVersion: JSON.stringify(values.version),
    // The optional natives of ws must never be picked up from a folder above the daemon's copy.
    'process.env.WS_NO_BUFFER_UTIL': '"1"',
    'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
  },
};
const natives = ['bufferutil', 'utf-8-validate'];

const daemon = {
  ...shared,
  entryPoints: ['daemon/main.ts'],
  outfile: values.daemon ?? join(values.into, 'daemon.cjs'),
  external: natives,
  // Names stay as they are written: stacks in the log are worth the bytes, and a name that is kept beside a shorter one
  // costs each function a property, 10 MB in all.
  minify: false,
  minifyWhitespace: !values.development,
  minifySyntax: !values.development,
};
/**
 * What the extension imports at first use: bundles of their own, since their schemas would cost activation 20 ms.
 * Entry point to bundle.
 */
const apart = {
  'extension/state/openConnection.ts': 'connection',
  'extension/panels/checklistReader.ts': 'checklistReader',
  'extension/panels/openLogPanel.ts': 'logPanel',
};
const importsApart = {
  name: 'imports-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\.ts$/ }, ({ kind, path }) => {
      const found = Object.keys(apart).find(entry => path.endsWith(entry.slice(entry.lastIndexOf('/'))));
      return kind === 'dynamic-import' && found
        ? { path: `./${apart[found]}.cjs`, external: true }
        : undefined;
    }),
};
const extension = {
  ...shared,
  // By `require`, in one go: `import()` reads a file in steps, between which whatever else the extension host does comes first.
  supported: { 'dynamic-import': false },
  entryPoints: ['extension/extension.ts'],
  outfile: join(values.into, 'extension.cjs'),
  external: [...natives, 'vscode'],
  plugins: [importsApart],
};
/** What VS Code runs after Slipway was uninstalled; the connection does the work. */
const uninstall = {
  ...extension,
  entryPoints: ['extension/uninstall.ts'],
  outfile: join(values.into, 'uninstall.cjs'),
};
const apartBundles = Object.entries(apart).map(([entry, name]) => ({
  ...shared,
  entryPoints: [entry],
  outfile: join(values.into, `${name}.cjs`),
  external: [...natives, 'vscode'],
}));
/** The toolkit's controls take their colours and fonts from our style sheet, before the page is drawn for the first time. */
const drawsByStyleSheet = {
  name: 'draws-by-style-sheet',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/design-tokens\/create\.js$/ }, () => ({
      path: join(root, 'webview', 'shared', 'designToken.ts'),
    })),
};
/** A page for each folder of webview/ that has a file of its own name: script and style sheet. */
const pages = readdirSync(join(root, 'webview')).flatMap(name =>
  existsSync(join(root, 'webview', name, `${name}.ts`))
    ? [
        {
          ...shared,
          entryPoints: [`webview/${name}/${name}.ts`],
          outfile: join(values.into, 'webview', `${name}.js`),
          platform: 'browser',
          format: 'iife',
          target: 'chrome140',
          define: {},
          plugins: [drawsByStyleSheet],
        },
      ]
    : [],
);
const bundles =
  values.daemon === undefined ? [daemon, extension, uninstall, ...apartBundles, ...pages] : [daemon];

if (values.watch) {
  for (const options of bundles) {
    await (await context(options)).watch();
  }
} else {
  const results = await Promise.all(bundles.map(options => build(options)));
  if (values.daemon === undefined) {
    const notices = buildNotices(
      root,
      results.map(({ metafile }) => metafile),
    );
    writeFileSync(resolve(root, values.into, 'THIRD-PARTY-NOTICES.txt'), notices);
  }
}
