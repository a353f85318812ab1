import { basename } from 'node:path';
import { readKubeconfig } from '../../clusters/kubeconfig.ts';
import { buildListTagNamesRun, buildRemoteHeadRun } from '../../tools/git/repositoryRuns.ts';
import { type Git, runGit } from '../../tools/git/runGit.ts';
import { chooseRemote } from '../releases/findOrigin.ts';
import type { ToolRunner } from '../toolbox.ts';
import type { ContextFacts, DraftFacts, TagFacts } from './draftFacts.ts';
import { findApplications } from './findApplications.ts';
import { findEnvironments } from './findEnvironments.ts';
import { findDocuments, findMigrations, findTagGlob } from './findNamedFiles.ts';
import { findValuesFiles, sortValuesFor } from './findValuesFiles.ts';
import { findCharts, findPartFolders, readChart } from './readChart.ts';
import { openTreeFiles } from './treeFiles.ts';

/** What is looked at, and with what. */
export type DraftInput = {
  /** The top of the working tree. */
  readonly folder: string;
  readonly git: Git;
  readonly tools: ToolRunner;
  readonly kubeconfigPaths: readonly string[];
  readonly signal: AbortSignal;
};

/** So many charts are read; a repository with more of them has a list to pick from, and no workloads in it. */
const mostCharts = 20;

/** Looks for what a first slipway.yaml can be written from. No cluster and no remote is contacted, nothing is written. */
export async function findDraftFacts(input: DraftInput): Promise<DraftFacts> {
  const { folder, git, signal, tools } = input;
  const files = await openTreeFiles(git, folder, signal);
  const parts = await findPartFolders(files);
  const values = findValuesFiles(files.list, parts);
  const places = (await findCharts(files, parts)).slice(0, mostCharts);
  const [charts, contexts, applications, tags, remotes] = await Promise.all([
    Promise.all(
      places.map(place =>
        readChart(place, { files, tools, signal, values: sortValuesFor(place, values, places) }),
      ),
    ),
    readContexts(input.kubeconfigPaths),
    findApplications(files),
    readTags(input),
    readRemotes(input),
  ]);
  return {
    folderName: basename(folder),
    charts,
    environments: findEnvironments({ charts, values, contexts, applications, files: files.list }),
    contexts,
    applications,
    migrations: findMigrations(files.list),
    documents: findDocuments(files.list),
    tags,
    ...remotes,
  };
}

async function readContexts(paths: readonly string[]): Promise<readonly ContextFacts[]> {
  const { contexts } = await readKubeconfig(paths);
  return contexts.map(({ name, server, namespace }) => ({
    name,
    server,
    ...(namespace === undefined ? {} : { namespace }),
  }));
}

async function readTags({ git, folder, signal }: DraftInput): Promise<TagFacts> {
  const names = await runGit(git, buildListTagNamesRun(), { folder, signal });
  const glob = findTagGlob(names);
  const prefix = glob === '[0-9]*' ? /^\d/ : undefined;
  const fits = names.filter(name => (prefix ? prefix.test(name) : name.startsWith(glob.slice(0, -1))));
  const [newest] = fits;
  return { glob, ...(newest === undefined ? {} : { newest }) };
}

/** The same choice as where releases are read. */
async function readRemotes({
  git,
  folder,
  signal,
}: DraftInput): Promise<Pick<DraftFacts, 'remote' | 'undecided'>> {
  const { name, undecided } = await chooseRemote(git, { folder, signal });
  if (name === undefined) {
    return undecided ? { undecided } : {};
  }
  const branch = await runGit(git, buildRemoteHeadRun(name), { folder, signal });
  return { remote: { name, ...(branch ? { branch } : {}) } };
}
