import { posix } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { SlipwayError } from '../../protocol/errors.ts';
import { buildListTreeRun, buildReadBlobRun, type TreeEntry } from '../../tools/git/objectRuns.ts';
import { type Clone, cleanPath, findEntry, readFileAt, runInClone } from './clone.ts';
import { isLockStale } from './isLockStale.ts';

/** A chart and its values files, as they are to be used at a commit. */
export type ChartUse = {
  readonly commit: string;
  /** How people know the commit: the version. */
  readonly version: string;
  /** Its folder, relative to the top. */
  readonly chart: string;
  readonly values: readonly string[];
  /** The commit whose slipway.yaml governs, and what people call it: a release may be older than the chart. */
  readonly governing?: { readonly commit: string; readonly from: string };
};

/**
 * Checks that a commit holds a chart whole, with its dependencies, and its values files; answers what people should know.
 * Throws SlipwayError chartMissing or valuesMissing with what to do.
 */
export async function checkChart(clone: Clone, use: ChartUse): Promise<readonly string[]> {
  await checkFolder(clone, use);
  const folder = cleanPath(use.chart);
  // A chart at the top is everything, which git lists where no path is given.
  const paths = folder === '' ? [] : [folder];
  const entries = await runInClone(clone, buildListTreeRun(use.commit, paths, 'deep'));
  await checkLinks(clone, use, entries);
  const warnings = await checkDependencies(clone, use, entries);
  for (const path of use.values) {
    await checkValues(clone, use, path);
  }
  return warnings;
}

async function checkFolder(clone: Clone, use: ChartUse): Promise<void> {
  const entry = await findEntry(clone, use.commit, use.chart);
  if (entry?.type === 'tree') {
    return;
  }
  if (entry === undefined) {
    throw missing(use, `${use.version} has no folder ${use.chart}.`, await explainMissing(clone, use));
  }
  const what = { '120000': 'a link', '160000': 'a submodule' }[entry.mode] ?? 'a file';
  throw missing(use, `${use.chart} is ${what} in ${use.version}, not a folder with a chart.`);
}

/** A link that leads out of the repository would bring in what the commit does not hold. */
async function checkLinks(clone: Clone, use: ChartUse, entries: readonly TreeEntry[]): Promise<void> {
  for (const entry of entries) {
    if (entry.mode === '160000') {
      throw missing(use, `${entry.path} in ${use.version} is a submodule, whose files are not there.`);
    }
    if (entry.mode === '120000') {
      const target = await runInClone(clone, buildReadBlobRun(entry.id));
      const place = posix.normalize(posix.join(posix.dirname(entry.path), target));
      if (posix.isAbsolute(target) || place === '..' || place.startsWith('../')) {
        throw missing(use, `${entry.path} in ${use.version} is a link to ${target}, outside the repository.`);
      }
    }
  }
}

/** So much is read of a Chart.yaml at most. */
const mostBytes = 1_000_000;

const chartFileSchema = z.object({
  // A list whose lines are all comments is null.
  dependencies: z.nullish(z.array(z.object({ name: z.string() }))),
});

async function checkDependencies(
  clone: Clone,
  use: ChartUse,
  entries: readonly TreeEntry[],
): Promise<readonly string[]> {
  const folder = cleanPath(use.chart);
  const path = posix.join(folder, 'Chart.yaml');
  const text = await readFileAt(clone, { commit: use.commit, path, most: mostBytes });
  if (text === undefined) {
    throw missing(use, `${use.version} has no ${path}, so ${use.chart} is no chart.`);
  }
  const parsed = chartFileSchema.safeParse(parseYaml(text));
  if (!parsed.success) {
    throw missing(use, `${path} in ${use.version} cannot be read as a chart.`);
  }
  const start = folder === '' ? 0 : folder.length + 1;
  const below = entries.map(entry => ({ ...entry, path: entry.path.slice(start) }));
  const unseen = (parsed.data.dependencies ?? []).filter(
    ({ name }) => !below.some(file => isDependency(file.path, name)),
  );
  const held = unseen.length === 0 ? [] : await readNamesOfParts(clone, below);
  const lacking = unseen.filter(({ name }) => !held.includes(name));
  if (lacking.length > 0) {
    const names = lacking.map(({ name }) => name).join(', ');
    throw new SlipwayError(
      'chartMissing',
      `${use.chart} in ${use.version} needs ${names}, which its charts/ folder does not hold.`,
      {
        next: `Run "helm dependency build ${use.chart}", commit ${posix.join(folder, 'charts')}, and tag a new version.`,
        details: { chart: use.chart, version: use.version, lacking: names },
      },
    );
  }
  await checkPacked(clone, use, entries);
  return warnOfLock(clone, use, parseYaml(text));
}

/** A dependency that is kept in Git LFS is three lines of text, which helm cannot unpack. */
async function checkPacked(clone: Clone, use: ChartUse, entries: readonly TreeEntry[]): Promise<void> {
  for (const { path, id, size = 0 } of entries) {
    if (/\/charts\/[^/]+\.tgz$/.test(`/${path}`) && (await isPointer(clone, { id, size }))) {
      throw new SlipwayError('chartMissing', `${path} is kept in Git LFS, which Slipway does not download.`, {
        next: `Keep ${path} in the repository itself (git lfs untrack).`,
        details: { chart: use.chart, version: use.version },
      });
    }
  }
}

async function warnOfLock(clone: Clone, use: ChartUse, chart: unknown): Promise<readonly string[]> {
  const path = posix.join(cleanPath(use.chart), 'Chart.lock');
  const lock = await readFileAt(clone, { commit: use.commit, path, most: mostBytes });
  return lock !== undefined && isLockStale(chart, parseYaml(lock))
    ? [
        `${path} in ${use.version} is older than the dependencies in Chart.yaml, and helm takes what lies in charts/: run ` +
          `"helm dependency update ${use.chart}", commit both, and tag a new version.`,
      ]
    : [];
}

// As a folder `charts/NAME/` or packed as `charts/NAME-1.2.3.tgz`.
function isDependency(file: string, name: string): boolean {
  const rest = file.startsWith(`charts/${name}`) ? file.slice(`charts/${name}`.length) : '';
  return rest.startsWith('/') || /^-v?\d[^/]*\.tgz$/.test(rest);
}

const partFileSchema = z.object({ name: z.string() });

/** The names of the charts in the folders of charts/: helm finds a dependency by its name, whatever its folder is called. */
async function readNamesOfParts(clone: Clone, below: readonly TreeEntry[]): Promise<readonly string[]> {
  const files = below.filter(
    ({ path, size = 0 }) => /^charts\/[^/]+\/Chart\.yaml$/.test(path) && size <= mostBytes,
  );
  const names: string[] = [];
  for (const { id } of files) {
    const parsed = partFileSchema.safeParse(parseYaml(await runInClone(clone, buildReadBlobRun(id))));
    names.push(...(parsed.success ? [parsed.data.name] : []));
  }
  return names;
}

async function checkValues(clone: Clone, use: ChartUse, path: string): Promise<void> {
  const entry = await findEntry(clone, use.commit, path);
  if (entry?.type !== 'blob' || entry.mode === '120000') {
    const what =
      entry === undefined
        ? `${use.version} has no file ${path}`
        : `${path} in ${use.version} is no plain file`;
    const beside = await listBeside(clone, use, path);
    throw new SlipwayError('valuesMissing', `${what}.`, {
      next: `Check the values files of the component in slipway.yaml: ${beside}.`,
      details: { values: path, version: use.version },
    });
  }
  if (await isPointer(clone, entry)) {
    throw new SlipwayError('valuesMissing', `${path} is kept in Git LFS, which Slipway does not download.`, {
      next: `Keep ${path} in the repository itself (git lfs untrack).`,
      details: { values: path, version: use.version },
    });
  }
}

/** What Git LFS leaves in a commit is a few lines with the file's digest. */
async function isPointer(clone: Clone, { id, size = 0 }: Pick<TreeEntry, 'id' | 'size'>): Promise<boolean> {
  const start = size < 200 ? await runInClone(clone, buildReadBlobRun(id)) : '';
  return start.startsWith('version https://git-lfs.github.com/spec/');
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 50 });
  } catch {
    return undefined;
  }
}

function missing(use: ChartUse, message: string, next?: string): SlipwayError {
  return new SlipwayError('chartMissing', message, {
    ...(next === undefined ? {} : { next }),
    details: { chart: use.chart, version: use.version },
  });
}

/** What to do about a chart that a release does not have: the release is too old for it, or its path is another one. */
async function explainMissing(clone: Clone, use: ChartUse): Promise<string | undefined> {
  const { governing, version, chart } = use;
  const folder = cleanPath(chart);
  if (governing && (await findEntry(clone, governing.commit, folder))?.type === 'tree') {
    return `${governing.from} has it, so ${version} is older than the chart: promote a later release, or tag a commit that has it.`;
  }
  const entries = await runInClone(clone, buildListTreeRun(use.commit, [], 'deep'));
  const charts = entries
    .filter(({ path }) => posix.basename(path) === 'Chart.yaml')
    .map(({ path }) => (path === 'Chart.yaml' ? '. (the top)' : posix.dirname(path)));
  return charts.length === 0
    ? `Check the chart path of the component in slipway.yaml: ${version} holds no chart at all.`
    : `Check the chart path of the component in slipway.yaml: ${version} has ${charts.slice(0, 5).join(', ')}.`;
}

/** The YAML files beside a values file that a release does not have. */
async function listBeside(clone: Clone, use: ChartUse, path: string): Promise<string> {
  const folder = posix.dirname(cleanPath(path));
  const entries = await runInClone(
    clone,
    buildListTreeRun(use.commit, folder === '.' ? [] : [folder], 'deep'),
  );
  const files = entries
    .map(entry => entry.path)
    .filter(file => posix.dirname(file) === folder && /values.*\.ya?ml$/i.test(file));
  return files.length === 0 ? 'it has no values file there' : `it has ${files.slice(0, 5).join(', ')}`;
}
