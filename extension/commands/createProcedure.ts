import * as vscode from 'vscode';
import type { ProcedureDraft } from '../../daemon/protocol/procedure.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';
import { pickSome } from './pickSome.ts';
import { type PickAnswer, pickOne } from './pickStep.ts';
import { runInView } from './runCancellable.ts';

/** Charts are rendered, and a login shell may have to be asked first. */
const draftMs = 120_000;

type Choice = { readonly charts?: readonly string[]; readonly environments?: readonly string[] };

/**
 * Opens a first slipway.yaml, written from what is in the repository, as a file that is not saved yet, at its first
 * decision. Asks only what could not be found; a file that is there is never touched.
 */
export async function createProcedure(context: CommandContext, target: ItemTarget): Promise<void> {
  const folder = await pickFolder(context, target);
  if (folder === undefined) {
    return;
  }
  const read = (choice: Choice) =>
    runInView(() =>
      context.daemon.request('procedure.draft', buildParams(folder, choice), { timeoutMs: draftMs }),
    );
  const first = await read({});
  if (first.exists) {
    throw new CommandFailure(
      'procedureExists',
      context.words.t('{0} is there already; it is not overwritten.', first.file),
      undefined,
    );
  }
  const draft = first.questions.length === 0 ? first : await ask(context, first, read);
  if (draft) {
    await showDraft(draft);
  }
}

/** A folder of the window whose repository has no procedure; undefined when the person left. */
async function pickFolder({ store, words }: CommandContext, target: ItemTarget): Promise<string | undefined> {
  const { folders, repositories } = store.state;
  const named = folders.find(({ repositoryId }) => repositoryId === target.repositoryId && repositoryId);
  const without = folders.filter(
    ({ repositoryId }) =>
      repositoryId === undefined || repositories.get(repositoryId)?.procedure === 'missing',
  );
  const candidates = without.length > 0 ? without : folders;
  const [only] = candidates;
  if (named ?? candidates.length === 1) {
    return (named ?? only)?.folder;
  }
  if (!only) {
    throw new CommandFailure(
      'noFolder',
      words.t('No folder is open.'),
      words.t('Open a folder that is a git repository.'),
    );
  }
  return pickOne({
    title: words.t('Create Procedure'),
    placeholder: words.t('For which folder?'),
    items: candidates.map(({ folder }) => ({
      label: vscode.workspace.asRelativePath(folder),
      description: folder,
      value: folder,
    })),
  });
}

/** Asks what could not be found, one step after the other; each answer may settle the next question. */
async function ask(
  context: CommandContext,
  first: ProcedureDraft,
  read: (choice: Choice) => Promise<ProcedureDraft>,
): Promise<ProcedureDraft | undefined> {
  const totalSteps = first.questions.length;
  let draft = first;
  let choice: Choice = {};
  for (;;) {
    const [question] = draft.questions;
    if (!question) {
      return draft;
    }
    const step = totalSteps - draft.questions.length + 1;
    const place = { step: Math.max(1, step), totalSteps };
    const answer = await (question === 'charts'
      ? askCharts(context, draft, place)
      : askEnvironments(context, draft, place));
    if (answer.kind === 'left') {
      return undefined;
    }
    choice = answer.kind === 'back' ? {} : { ...choice, [question]: answer.value };
    draft = await read(choice);
  }
}

type Place = { readonly step: number; readonly totalSteps: number };

function askCharts(
  { words }: CommandContext,
  { charts }: ProcedureDraft,
  place: Place,
): Promise<PickAnswer<readonly string[]>> {
  const { t } = words;
  return pickSome({
    title: t('Create Procedure: Charts'),
    placeholder: t('Which charts does a release bring?'),
    items: charts.map(({ path, name, workload }) => ({
      label: name,
      description: path,
      detail: workload ?? t('no workload found'),
      value: path,
    })),
    ticked: charts.filter(({ workload }) => workload !== undefined).map(({ path }) => path),
    place,
  });
}

function askEnvironments(
  { words }: CommandContext,
  { environments }: ProcedureDraft,
  place: Place,
): Promise<PickAnswer<readonly string[]>> {
  const { t } = words;
  return pickSome({
    title: t('Create Procedure: Environments'),
    placeholder: t('Through which environments? Type a name to add one'),
    items: environments.map(({ name, from }) => ({ label: name, description: from, value: name })),
    ticked: environments.map(({ name }) => name),
    buildTyped: text =>
      /^[A-Za-z][A-Za-z0-9._-]{0,62}$/.test(text)
        ? { label: text, description: t('a new environment'), value: text }
        : undefined,
    place,
  });
}

function buildParams(folder: string, { charts, environments }: Choice) {
  return {
    folder,
    ...(charts ? { charts: [...charts] } : {}),
    ...(environments ? { environments: [...environments] } : {}),
  };
}

/** Shows the draft where it belongs, unsaved: the person reads it before anything is in the repository. */
async function showDraft({ file, text, cursor }: ProcedureDraft): Promise<void> {
  const uri = vscode.Uri.file(file).with({ scheme: 'untitled' });
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.getText() === '') {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), text);
    await vscode.workspace.applyEdit(edit);
  }
  const position = new vscode.Position(cursor.line, cursor.column);
  const editor = await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(position, position),
    preview: false,
  });
  editor.revealRange(
    new vscode.Range(position, position),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}
