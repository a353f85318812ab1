import * as vscode from 'vscode';
import type { ChecklistSubject } from '../state/checklistSubject.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { pickBoth } from './pickBoth.ts';
import { pickRepository } from './pickRepository.ts';

/** Shows what holds a release back from an environment, with its checklist; asks for what nothing says. */
export async function showChecklist(context: CommandContext, target: ItemTarget): Promise<void> {
  const { checklist } = context;
  const isSaid = target.environment !== undefined || target.release !== undefined;
  if (isSaid) {
    checklist.select(target);
  } else if (!checklist.state.subject) {
    const picked = await pickSubject(context, target);
    if (!picked) {
      return;
    }
    checklist.select(picked);
  }
  await vscode.commands.executeCommand('slipway.checklist.focus');
}

/** Keeps the checklist that is shown, whatever is selected in Releases. */
export async function pinChecklist(context: CommandContext, target: ItemTarget): Promise<void> {
  const { checklist } = context;
  if (target.environment !== undefined || target.release !== undefined) {
    checklist.pin(undefined);
    checklist.select(target);
  }
  const subject = checklist.state.subject ?? (await pickSubject(context, target));
  if (subject) {
    checklist.pin(subject);
    await vscode.commands.executeCommand('slipway.checklist.focus');
  }
}

/** Lets the checklist follow what is selected in Releases again. */
export async function unpinChecklist({ checklist }: CommandContext): Promise<void> {
  checklist.pin(undefined);
}

async function pickSubject(
  context: CommandContext,
  target: ItemTarget,
): Promise<ChecklistSubject | undefined> {
  const { t } = context.words;
  const repository = await pickRepository(context, target);
  const picked =
    repository &&
    (await pickBoth(context, {
      repository,
      target,
      titles: {
        release: t('Show Checklist'),
        releaseFor: environment => t('Checklist for {0}', environment),
        environment: release => t('Checklist of {0}', release),
      },
    }));
  return repository && picked
    ? {
        repositoryId: repository.id,
        environment: picked.environment.name,
        release: picked.release.version,
      }
    : undefined;
}
