import * as vscode from 'vscode';
import type { Params } from '../../daemon/protocol/messages.ts';
import { buildPlanTextTitle } from '../planTextWords.ts';
import { buildPlanTextPlace } from '../state/documentPaths.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';

type PlanTextName = Params<'plan.readText'>['text'];

/** Shows what the plan changes in the manifest that Helm keeps. */
export async function diffStoredManifest(context: CommandContext, target: ItemTarget): Promise<void> {
  const { t } = context.words;
  await showDiff(context, target, {
    left: 'storedManifest',
    right: 'newManifest',
    title: (environment, version) => t('{0}: Helm\u2019s manifest \u2194 {1}', environment, version),
  });
}

/** Shows what the plan changes in the objects of the cluster as they are now. */
export async function diffLiveCluster(context: CommandContext, target: ItemTarget): Promise<void> {
  const { t } = context.words;
  await showDiff(context, target, {
    left: 'liveObjects',
    right: 'appliedObjects',
    title: (environment, version) => t('{0}: live cluster \u2194 {1}', environment, version),
  });
}

async function showDiff(
  { store, words }: CommandContext,
  target: ItemTarget,
  sides: {
    readonly left: PlanTextName;
    readonly right: PlanTextName;
    readonly title: (environment: string, version: string) => string;
  },
): Promise<void> {
  const plan = store.state.plans.get(target.planId ?? '');
  if (!plan) {
    throw new CommandFailure('planGone', words.t('This plan is gone.'), words.t('Make the plan again.'));
  }
  const { environment } = plan.target;
  const { version } = plan.release;
  const place = (text: PlanTextName) =>
    vscode.Uri.from(
      buildPlanTextPlace({ planId: plan.id, text, title: buildPlanTextTitle(text, plan, words.t) }),
    );
  await vscode.commands.executeCommand(
    'vscode.diff',
    place(sides.left),
    place(sides.right),
    sides.title(environment, version),
    { preview: false },
  );
}
