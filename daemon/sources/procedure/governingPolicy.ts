import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Procedure } from '../../model/procedure.ts';
import { buildListRefsRun } from '../../tools/git/historyRuns.ts';
import { buildReadSettingRun } from '../../tools/git/repositoryRuns.ts';
import { runGit } from '../../tools/git/runGit.ts';
import {
  type Clone,
  cloneRefs,
  findEntry,
  readFileAt,
  resolveCommit,
  runInClone,
} from '../releases/clone.ts';
import type { Clones, FreshClone, RefreshReach } from '../releases/clones.ts';
import type { Repository } from '../releases/findRepository.ts';
import { readWorkingTree } from '../releases/workingTree.ts';
import { maxProcedureLength, type ParsedProcedure, parseProcedure } from './parseProcedure.ts';

/** The name of the file, at the top of a repository. */
export const procedureFileName = 'slipway.yaml';

/** Which procedure governs a repository, and where it comes from. */
export type GoverningPolicy = {
  /** The governing procedure; where there is a `problem`, the working tree's, as a preview that nothing may start by. */
  readonly procedure?: Procedure;
  /** `origin/main`, or the local branch. */
  readonly from: string;
  readonly commit?: string;
  /** Set when nothing but this machine keeps it. */
  readonly advice?: string;
  /** True when the working tree's slipway.yaml says something else: that is a preview. */
  readonly workingTreeDiffers: boolean;
  /** Why nothing governs; no promotion may start. */
  readonly problem?: string;
  /** What the person can do about the problem. */
  readonly next?: string;
  /** The working tree's slipway.yaml, for the Problems view; absent when there is none. */
  readonly workingTree?: ParsedProcedure;
};

/** What the policy is read from. */
export type PolicyInput = {
  readonly clones: Clones;
  readonly repository: Repository;
  readonly fresh: FreshClone;
  /** `origin` also fetches the branch that policyFrom names. */
  readonly reach: RefreshReach;
};

/**
 * Reads the procedure that governs. The root of trust is the remote's default branch: its slipway.yaml may name another
 * branch of the remote by policyFrom, which is followed once. The working tree's file never governs, so nobody can
 * delete his own gate or point policyFrom elsewhere without the team's branch saying so.
 */
export async function readGoverningPolicy(input: PolicyInput): Promise<GoverningPolicy> {
  const text = await readWorkingTreeText(input.repository);
  const workingTree = text === undefined ? undefined : parseProcedure(text);
  const found = await findPolicy(input);
  const governs = found.problem === undefined ? found.procedure : undefined;
  const procedure = governs ?? workingTree?.procedure;
  return {
    from: found.from,
    ...(procedure ? { procedure } : {}),
    ...(found.commit === undefined ? {} : { commit: found.commit }),
    ...(found.advice === undefined ? {} : { advice: found.advice }),
    ...(found.problem === undefined ? {} : { problem: found.problem }),
    ...(found.next === undefined ? {} : { next: found.next }),
    ...(workingTree ? { workingTree } : {}),
    workingTreeDiffers: normalize(text) !== normalize(found.text),
  };
}

type Found = {
  readonly from: string;
  readonly commit?: string;
  readonly advice?: string;
  readonly problem?: string;
  readonly next?: string;
  readonly text?: string;
  readonly procedure?: Procedure;
};

/** A set of branches to read policy from, and the one to begin with. */
type Root = {
  /** The refs in the clone: `refs/origin/heads/`. */
  readonly refs: string;
  /** What people call it: `origin/`, or nothing for local branches. */
  readonly prefix: string;
  /** Absent when there is nothing to read. */
  readonly branch?: string;
  readonly advice?: string;
};

async function findPolicy(input: PolicyInput): Promise<Found> {
  const { clone, origin } = input.fresh;
  const root = await findRoot(input);
  if (root.branch === undefined) {
    return {
      from: `${root.prefix}HEAD`,
      ...(root.advice === undefined ? {} : { advice: root.advice }),
      problem: `No committed ${procedureFileName} governs yet (nothing is committed, or no branch is called main or master): what the file says is a preview. Commit it.`,
      next: `Commit ${procedureFileName} to a branch called main.`,
    };
  }
  const first = await readBranch(clone, root, root.branch);
  const named = nameBranch(first.procedure?.policyFrom, root, origin?.name ?? 'origin');
  if (first.problem !== undefined || named === undefined || named === root.branch) {
    return first;
  }
  if (root.refs === cloneRefs.originHeads && origin && input.reach === 'origin') {
    const problem = await input.clones.fetchOriginBranch(input.repository, origin, named);
    const second = await readBranch(clone, root, named);
    return second.problem === undefined || problem === undefined
      ? second
      : { ...second, problem: `${second.problem} ${origin.name}: ${problem}.` };
  }
  return readBranch(clone, root, named);
}

/**
 * The branch that policyFrom names within the root's branches. `main` means the remote's where there is a remote, never
 * the promoter's own; `origin/main` without a remote leaves the local default branch, as the advice says.
 */
function nameBranch(policyFrom: string | undefined, root: Root, remote: string): string | undefined {
  if (policyFrom === undefined) {
    return undefined;
  }
  const plain = policyFrom.replace(/^refs\/(?:heads|remotes)\//, '');
  if (plain.startsWith(`${remote}/`)) {
    return root.prefix === '' ? undefined : plain.slice(remote.length + 1);
  }
  return plain;
}

async function findRoot(input: PolicyInput): Promise<Root> {
  const { origin, clone, undecided } = input.fresh;
  if (!origin) {
    const why = undecided ? `none of the remotes ${undecided.join(', ')} is called origin` : 'no remote';
    return findLocalRoot(input, `${why}: kept on this machine only`);
  }
  const prefix = `${origin.name}/`;
  if (origin.defaultBranch !== undefined) {
    return { refs: cloneRefs.originHeads, prefix, branch: origin.defaultBranch };
  }
  if (origin.problem === undefined && input.reach === 'origin') {
    return findLocalRoot(input, `${origin.name} is empty: kept on this machine only`);
  }
  // Never reached so far: what the person's own git last fetched is the best there is.
  const refs = `${cloneRefs.localRemotes}${origin.name}/`;
  const names = (await runInClone(clone, buildListRefsRun(refs))).map(name => name.slice(refs.length));
  const branch = ['main', 'master'].find(name => names.includes(name)) ?? names.find(name => name !== 'HEAD');
  const advice = `${origin.name} was not reached yet: ${prefix}${branch} as your git last fetched it, kept on this machine only`;
  return branch === undefined
    ? findLocalRoot(input, `${origin.name} was not reached yet: kept on this machine only`)
    : { refs, prefix, branch, advice };
}

async function findLocalRoot(input: PolicyInput, advice: string): Promise<Root> {
  const { clone } = input.fresh;
  const refs = cloneRefs.localHeads;
  const names = (await runInClone(clone, buildListRefsRun(refs))).map(name => name.slice(refs.length));
  const at = { folder: input.repository.folder };
  const usual = await runGit(clone.git, buildReadSettingRun('init.defaultBranch'), at);
  const branch =
    ['main', 'master', usual].find(name => name !== undefined && names.includes(name)) ??
    (names.length === 1 ? names[0] : (await readWorkingTree(clone.git, input.repository)).branch);
  return { refs, prefix: '', advice, ...(branch !== undefined && names.includes(branch) ? { branch } : {}) };
}

async function readBranch(clone: Clone, root: Root, branch: string): Promise<Found> {
  const from = `${root.prefix}${branch}`;
  const commit = await resolveCommit(clone, `${root.refs}${branch}`);
  const base = { from, ...(root.advice === undefined ? {} : { advice: root.advice }) };
  const isLocal = root.prefix === '';
  if (commit === undefined) {
    const problem = `policyFrom names ${from}, which cannot be read here.`;
    const verb = isLocal ? 'Create' : 'Fetch';
    const next = `${verb} the branch that policyFrom names, or correct policyFrom in ${procedureFileName}.`;
    return { ...base, problem, next };
  }
  const land = isLocal ? `to ${from}` : `and push it to ${from}`;
  const correct = `Correct ${procedureFileName} (see Problems), then commit it ${land}.`;
  try {
    const text = await readFileAt(clone, { commit, path: procedureFileName, most: maxProcedureLength * 4 });
    if (text === undefined) {
      const link = (await findEntry(clone, commit, procedureFileName))?.mode === '120000';
      if (link) {
        const problem = `${procedureFileName} of ${from} is a link, which is not followed: what the working tree says is a preview.`;
        return { ...base, commit, problem, next: `Commit the file itself ${land}.` };
      }
      const push = isLocal ? 'Commit it' : 'Commit and push it';
      const problem = `${from} has no ${procedureFileName}, so what the working tree says is a preview. ${push}.`;
      return { ...base, commit, problem, next: `Commit ${procedureFileName} ${land}.` };
    }
    const read = readText(text, from);
    return { ...base, commit, text, ...read, ...(read.problem === undefined ? {} : { next: correct }) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const problem = `${procedureFileName} of ${from} cannot be read: ${why}.`;
    return { ...base, commit, problem, next: correct };
  }
}

function readText(text: string, from: string): Pick<Found, 'procedure' | 'problem'> {
  const { procedure, diagnostics } = parseProcedure(text);
  if (procedure) {
    return { procedure };
  }
  const errors = diagnostics.filter(diagnostic => diagnostic.severity === 'error');
  const [first] = errors;
  const place = first ? `line ${first.startLine + 1}: ${first.message}` : '';
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  return { problem: `${procedureFileName} of ${from} has ${count}; ${place}` };
}

/** Reads the working tree's file as far as a procedure may go; undefined when there is none. */
async function readWorkingTreeText(repository: Repository): Promise<string | undefined> {
  const file = await open(join(repository.folder, procedureFileName)).catch(() => undefined);
  if (!file) {
    return undefined;
  }
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxProcedureLength * 4 + 1));
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

function normalize(text: string | undefined): string | undefined {
  return text?.replaceAll('\r\n', '\n');
}
