import { posix } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { SlipwayError } from '../../protocol/errors.ts';
import { withHelmErrors } from '../../tools/helm/helmProblem.ts';
import { buildTemplateRun } from '../../tools/helm/template.ts';
import type { ToolRunner } from '../toolbox.ts';
import type { ChartFacts, ValuesFacts } from './draftFacts.ts';
import { fillChartTemplate } from './fillTemplates.ts';
import { findTagKeys } from './findTagKeys.ts';
import {
  buildProbe,
  chooseWorkload,
  type FoundContainer,
  listOtherTagKeys,
  readWorkloads,
  type WorkloadOwners,
} from './readWorkloads.ts';
import { isBelow, type TreeFiles } from './treeFiles.ts';

/** What a chart is read with. */
export type ChartInput = {
  readonly files: TreeFiles;
  readonly tools: ToolRunner;
  /** Values files that differ by environment, for this chart. */
  readonly values: readonly ValuesFacts[];
  readonly signal: AbortSignal;
};

/** A chart by what its Chart.yaml says. */
export type ChartPlace = {
  readonly path: string;
  readonly name: string;
  /** The names under which its values hold those of other charts. */
  readonly dependencies: readonly string[];
};

/**
 * Finds the folders with the charts of charts, each with a slash at its end. A library at the top of a repository has
 * none: below charts/ lie the charts that use it.
 */
export async function findPartFolders(files: TreeFiles): Promise<readonly string[]> {
  const top = readPlace('Chart.yaml', await files.read('Chart.yaml'));
  return files.list
    .filter(path => isChartFile(path) && (path !== 'Chart.yaml' || top !== undefined))
    .map(path => posix.join(posix.dirname(path), 'charts/'));
}

/** Finds the charts that can be deployed: no libraries, and none below `parts`, which are of other charts. */
export async function findCharts(files: TreeFiles, parts: readonly string[]): Promise<readonly ChartPlace[]> {
  const paths = files.list.filter(path => isChartFile(path) && !isBelow(path, parts));
  const charts = await Promise.all(paths.map(async path => readPlace(path, await files.read(path))));
  return charts.flatMap(chart => chart ?? []);
}

/**
 * Reads which workload of a chart shows the version, and which value sets it. Helm renders the chart where it can, with
 * a text of ours as the tag that is then looked for; otherwise its templates are read. A chart that only puts others
 * together has no workload of its own: then those of the others count.
 */
export async function readChart(chart: ChartPlace, input: ChartInput): Promise<ChartFacts> {
  const own = await readTemplates(chart, input.files);
  const tagKeys = findTagKeys({ ...own, dependencies: chart.dependencies });
  const rendered = await render(chart, { ...input, tagKeys, owners: 'itself' });
  if (rendered.found?.length === 0) {
    const partKeys = await findPartKeys(chart, own.values, input.files);
    const parts = await render(chart, { ...input, tagKeys: partKeys, owners: 'parts' });
    return buildFacts(chart, input, {
      ...parts,
      tagKeys: partKeys,
      readBy: parts.found ? 'helm' : 'nothing',
    });
  }
  const found = rendered.found ?? fillTemplates(chart, own, tagKeys);
  const readBy = rendered.found ? 'helm' : found.length > 0 ? 'templates' : 'nothing';
  return buildFacts(chart, input, { ...rendered, found, tagKeys, readBy });
}

function buildFacts(
  { path, name }: ChartPlace,
  { values }: ChartInput,
  read: Rendered & { readonly tagKeys: readonly string[]; readonly readBy: ChartFacts['readBy'] },
): ChartFacts {
  const { found = [], tagKeys, readBy, problem } = read;
  const workload = chooseWorkload(found, tagKeys);
  return {
    path,
    name,
    values,
    ...(workload ? { workload } : {}),
    otherWorkloads: [...new Set(found.map(container => container.workload))].filter(
      other => other !== workload?.workload,
    ),
    otherTagKeys: listOtherTagKeys(found, tagKeys, workload?.tagKey),
    readBy,
    ...(problem === undefined ? {} : { problem }),
  };
}

type Templates = { readonly values: unknown; readonly templates: readonly string[] };

async function readTemplates({ path }: Pick<ChartPlace, 'path'>, files: TreeFiles): Promise<Templates> {
  const inside = files.list.filter(file => isBelow(file, [posix.join(path, 'templates/')]));
  const paths = inside.filter(file => /\.(?:ya?ml|tpl)$/.test(file)).slice(0, mostTemplates);
  const templates = (await Promise.all(paths.map(file => files.read(file)))).flatMap(text => text ?? []);
  return { templates, values: parseYaml(await files.read(posix.join(path, 'values.yaml'))) };
}

function fillTemplates(
  chart: ChartPlace,
  { templates, values }: Templates,
  tagKeys: readonly string[],
): readonly FoundContainer[] {
  const filled = { release: buildReleaseName(chart.name), chart: chart.name, values, set: buildSet(tagKeys) };
  return templates.flatMap(template => readWorkloads(fillChartTemplate(template, filled)));
}

/** The values that could set the tags of images of the charts in a chart: its own, and theirs below their names. */
async function findPartKeys(
  chart: ChartPlace,
  values: unknown,
  files: TreeFiles,
): Promise<readonly string[]> {
  const folder = posix.join(chart.path, 'charts/');
  const parts = files.list
    .filter(file => isBelow(file, [folder]) && /^[^/]+\/Chart\.yaml$/.test(posix.relative(folder, file)))
    .map(file => posix.dirname(file));
  const keys = await Promise.all(
    parts.map(async path => {
      const inner = findTagKeys({ ...(await readTemplates({ path }, files)), dependencies: [] });
      return inner.map(key => `${posix.basename(path)}.${key}`);
    }),
  );
  return [...new Set([...keys.flat(), ...findTagKeys({ values, templates: [], dependencies: [] })])];
}

/** A chart's name as the name of a Helm release. */
export function buildReleaseName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 53)
    .replace(/-+$/, '');
  return plain === '' ? 'release' : plain;
}

const mostTemplates = 200;
const renderMs = 15_000;

const chartSchema = z.looseObject({
  name: z.string().min(1),
  type: z.nullish(z.string()),
  dependencies: z.nullish(z.array(z.looseObject({ name: z.string(), alias: z.nullish(z.string()) }))),
});

function isChartFile(path: string): boolean {
  return posix.basename(path) === 'Chart.yaml';
}

function readPlace(path: string, text: string | undefined): ChartPlace | undefined {
  const parsed = chartSchema.safeParse(parseYaml(text));
  if (!parsed.success || parsed.data.type === 'library') {
    return undefined;
  }
  const { name, dependencies } = parsed.data;
  return {
    path: posix.dirname(path),
    name,
    dependencies: (dependencies ?? []).map(dependency => dependency.alias ?? dependency.name),
  };
}

type Rendered = { readonly found?: readonly FoundContainer[]; readonly problem?: string };

async function render(
  chart: ChartPlace,
  {
    files,
    tools,
    values,
    signal,
    tagKeys,
    owners,
  }: ChartInput & { readonly tagKeys: readonly string[]; readonly owners: WorkloadOwners },
): Promise<Rendered> {
  const [first] = values;
  const [environment] = first?.environments ?? [];
  const file = first && environment ? [first.template.replaceAll('{environment}', environment)] : [];
  const name = buildReleaseName(chart.name);
  try {
    const run = buildTemplateRun({
      release: name,
      chart: chart.path === '.' ? './' : `./${chart.path}`,
      namespace: name,
      values: file,
      set: buildSet(tagKeys),
    });
    // No kubeconfig at all: rendering reaches no cluster, and this makes it certain.
    const options = { cwd: files.folder, kubeconfig: '/dev/null', timeoutMs: renderMs, signal };
    return { found: readWorkloads(await withHelmErrors(() => tools.run(run, options)), owners) };
  } catch (error) {
    if (signal.aborted) {
      throw error;
    }
    return { problem: error instanceof SlipwayError ? error.message : String(error) };
  }
}

function buildSet(tagKeys: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tagKeys.map((key, index) => [key, buildProbe(index)]));
}

function parseYaml(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : parse(text, { maxAliasCount: 50, logLevel: 'silent' });
  } catch {
    return undefined;
  }
}
