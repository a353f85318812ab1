import * as vscode from 'vscode';
import type { CheckView } from '../../daemon/protocol/checklist.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';
import { pickOne } from './pickStep.ts';

/** Ticks a check of the checklist that is shown: the one that the target names, else the one that the person picks. */
export async function tickCheck(context: CommandContext, target: ItemTarget): Promise<void> {
  const check = await findCheck(context, target, ({ state }) => state !== 'pass');
  if (check) {
    await context.checklist.tick(readWord(check, target));
  }
}

/** Takes the tick of a check back. */
export async function untickCheck(context: CommandContext, target: ItemTarget): Promise<void> {
  const check = await findCheck(context, target, ({ state }) => state === 'pass');
  if (check) {
    await context.checklist.untick(readWord(check, target));
  }
}

/** Ticks a check with a note, or changes the note of one that is ticked. */
export async function noteCheck(context: CommandContext, target: ItemTarget): Promise<void> {
  const { t } = context.words;
  const check = await findCheck(context, target, () => true);
  if (!check) {
    return;
  }
  const value = check.tick?.note ?? check.voided?.note ?? '';
  const note = await vscode.window.showInputBox({
    title: check.text,
    prompt: check.tick
      ? t('The note beside your tick; empty takes it away. Escape changes nothing.')
      : t('What others should know: a link, a number, what you looked at. Enter ticks the check.'),
    value,
    ignoreFocusOut: true,
  });
  if (note !== undefined) {
    await context.checklist.tick({ ...readWord(check, target), note });
  }
}

/** The digest that the person saw: the one of the row they were at, not one that came since. */
function readWord(check: CheckView, { digest }: ItemTarget) {
  return { checkId: check.id, digest: (digest ?? check.digest) as NonNullable<CheckView['digest']> };
}

async function findCheck(
  { checklist, words }: CommandContext,
  target: ItemTarget,
  fits: (check: CheckView) => boolean,
): Promise<CheckView | undefined> {
  const { t } = words;
  const { view } = checklist.state;
  const checks = view?.checklist?.checks ?? [];
  if (target.checkId !== undefined) {
    return checks.find(({ id }) => id === target.checkId);
  }
  if (!view) {
    throw new CommandFailure(
      'unknownCheck',
      t('No checklist is shown.'),
      t('Run "Slipway: Show Checklist" first.'),
    );
  }
  const offered = checks.filter(check => check.mine && check.digest !== undefined && fits(check));
  if (offered.length === 0) {
    throw new CommandFailure(
      'unknownCheck',
      t('{0} to {1} has no such check for you.', view.release, view.environment),
      t('The Checklist view says who can clear what is open.'),
    );
  }
  return pickOne({
    title: t('{0} to {1}', view.release, view.environment),
    placeholder: t('Which check?'),
    items: offered.map(check => ({
      label: check.text,
      description: check.tick?.person ?? '',
      detail: check.reason,
      value: check,
    })),
  });
}
