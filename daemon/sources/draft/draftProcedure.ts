import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { procedureFileName } from '../procedure/governingPolicy.ts';
import { findRepository } from '../releases/findRepository.ts';
import type { Toolbox } from '../toolbox.ts';
import { buildDraft } from './buildDraft.ts';
import { chooseSubject, type DraftChoice, type DraftQuestion, listQuestions } from './chooseDraft.ts';
import type { DraftFacts, EnvironmentFacts } from './draftFacts.ts';
import type { DraftText } from './draftLines.ts';
import { findDraftFacts } from './findDraftFacts.ts';

/** A first slipway.yaml for a repository, and what of it only a person can say. */
export type Draft = DraftText & {
  /** Where it belongs. */
  readonly file: string;
  /** True when there is a file already: it is never overwritten. */
  readonly exists: boolean;
  readonly questions: readonly DraftQuestion[];
  readonly charts: DraftFacts['charts'];
  readonly environments: readonly EnvironmentFacts[];
};

/** Drafts a procedure for the repository that holds a folder. Throws `noRepository`, `toolMissing` without git. */
export async function draftProcedure(
  { folder, ...choice }: DraftChoice & { readonly folder: string },
  { toolbox, signal }: { readonly toolbox: Toolbox; readonly signal: AbortSignal },
): Promise<Draft> {
  await toolbox.prepare();
  const git = { path: toolbox.find('git'), env: toolbox.env };
  const repository = await findRepository(git, folder);
  const file = join(repository.folder, procedureFileName);
  const facts = await findDraftFacts({
    folder: repository.folder,
    git,
    tools: toolbox,
    kubeconfigPaths: toolbox.kubeconfigPaths(),
    signal,
  });
  return {
    ...buildDraft(facts, choice),
    file,
    exists: await isThere(file),
    questions: listQuestions(facts, choice),
    charts: facts.charts,
    environments: chooseSubject(facts, choice).environments,
  };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
