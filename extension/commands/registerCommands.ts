import * as vscode from 'vscode';
import { type ItemTarget, readTarget } from '../state/itemTarget.ts';
import { type FailureView, readFailure } from '../state/readFailure.ts';
import { acceptMovedTag } from './acceptMovedTag.ts';
import { answerLogin } from './answerLogin.ts';
import { cancelPromotion } from './cancelPromotion.ts';
import { collectDiagnostics } from './collectDiagnostics.ts';
import type { CommandContext, CommandHandler } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';
import { type CommandId, commandIds } from './commandIds.ts';
import { connectAllEnvironments, connectEnvironment } from './connectEnvironment.ts';
import { copyCommit, copyVersion } from './copyText.ts';
import { createProcedure } from './createProcedure.ts';
import { disconnectEnvironment } from './disconnectEnvironment.ts';
import { buildFailureActions } from './failureActions.ts';
import { openProcedure } from './openProcedure.ts';
import { openSettings } from './openSettings.ts';
import { planAgain } from './planAgain.ts';
import { promoteRelease } from './promoteRelease.ts';
import { refreshReleases } from './refreshReleases.ts';
import { repairEnvironment } from './repairEnvironment.ts';
import { rollBackEnvironment } from './rollBackEnvironment.ts';
import { pinChecklist, showChecklist, unpinChecklist } from './showChecklist.ts';
import { showMoreReleases } from './showMoreReleases.ts';
import { showOutput } from './showOutput.ts';
import { diffLiveCluster, diffStoredManifest } from './showPlanDiffs.ts';
import { showSetup } from './showSetup.ts';
import { showTimeline } from './showTimeline.ts';
import { startPromotion } from './startPromotion.ts';
import { tailLogs } from './tailLogs.ts';
import { noteCheck, tickCheck, untickCheck } from './tickCheck.ts';
import { trustRepository } from './trustRepository.ts';
import { verifyJournal } from './verifyJournal.ts';

type Entry = {
  readonly run: CommandHandler;
  /** True where it is of use without a daemon. */
  readonly alone?: true;
  /** True where it starts nothing and reads nothing of the folder, so that it may run in Restricted Mode. */
  readonly restricted?: true;
};

/** The table of commands: one line each. */
const entries: Readonly<Record<CommandId, Entry>> = {
  'slipway.promoteRelease': { run: promoteRelease },
  'slipway.startPromotion': { run: startPromotion },
  'slipway.planAgain': { run: planAgain },
  'slipway.diffStoredManifest': { run: diffStoredManifest },
  'slipway.diffLiveCluster': { run: diffLiveCluster },
  'slipway.rollBackEnvironment': { run: rollBackEnvironment },
  'slipway.repairEnvironment': { run: repairEnvironment },
  'slipway.cancelPromotion': { run: cancelPromotion },
  'slipway.connectEnvironment': { run: connectEnvironment },
  'slipway.connectAllEnvironments': { run: connectAllEnvironments },
  'slipway.disconnectEnvironment': { run: disconnectEnvironment },
  'slipway.answerLogin': { run: answerLogin },
  'slipway.trustRepository': { run: trustRepository },
  'slipway.showOutput': { run: showOutput },
  'slipway.tailLogs': { run: tailLogs },
  'slipway.showTimeline': { run: showTimeline, alone: true },
  'slipway.verifyJournal': { run: verifyJournal },
  'slipway.refreshReleases': { run: refreshReleases },
  'slipway.showMoreReleases': { run: showMoreReleases },
  'slipway.acceptMovedTag': { run: acceptMovedTag },
  'slipway.showChecklist': { run: showChecklist, alone: true },
  'slipway.pinChecklist': { run: pinChecklist, alone: true },
  'slipway.unpinChecklist': { run: unpinChecklist, alone: true },
  'slipway.tickCheck': { run: tickCheck },
  'slipway.untickCheck': { run: untickCheck },
  'slipway.noteCheck': { run: noteCheck },
  'slipway.showSetup': { run: showSetup, alone: true, restricted: true },
  'slipway.openSettings': { run: openSettings, alone: true, restricted: true },
  'slipway.showLog': { run: context => context.showLog(), alone: true, restricted: true },
  'slipway.collectDiagnostics': { run: collectDiagnostics, alone: true, restricted: true },
  'slipway.restartDaemon': { run: context => context.daemon.restart(), alone: true },
  'slipway.createProcedure': { run: createProcedure },
  'slipway.openProcedure': { run: openProcedure, alone: true },
  'slipway.copyVersion': { run: copyVersion, alone: true },
  'slipway.copyCommit': { run: copyCommit, alone: true },
};

/** Registers every command; what goes wrong in one is shown here, with what to do next as a button. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    ...commandIds.map(id =>
      // The palette says nothing: what is meant then is the document that the person reads.
      vscode.commands.registerCommand(
        id,
        (argument: unknown = vscode.window.activeTextEditor?.document.uri) =>
          run(id, context, readTarget(argument)),
      ),
    ),
  );
}

async function run(id: CommandId, context: CommandContext, target: ItemTarget): Promise<void> {
  const { daemon } = context.store.state;
  try {
    if (!vscode.workspace.isTrusted && entries[id].restricted !== true) {
      showFailure(buildRestricted(context), context, target);
      return;
    }
    if (daemon.state === 'disconnected' && entries[id].alone !== true) {
      showFailure(
        { code: daemon.code, message: daemon.reason, next: daemon.next, details: {} },
        context,
        target,
      );
      return;
    }
    await entries[id].run(context, target);
  } catch (error) {
    const about = error instanceof CommandFailure ? (error.target ?? target) : target;
    showFailure(readFailure(error), context, about);
  }
}

/** Shows what went wrong; it stays until the person answers it, and the command does not wait for that. */
function showFailure(failure: FailureView, { words }: CommandContext, target: ItemTarget): void {
  if (failure.code === 'cancelled') {
    return;
  }
  const actions = buildFailureActions(failure.code, words.t);
  const message = words.said(failure.message);
  const sentence = failure.next ? `${message} ${words.said(failure.next)}` : message;
  void vscode.window.showErrorMessage(sentence, ...actions.map(action => action.title)).then(choice => {
    const action = actions.find(({ title }) => title === choice);
    return action && vscode.commands.executeCommand(action.command, target);
  });
}

function buildRestricted({ words }: CommandContext): FailureView {
  return {
    code: 'restricted',
    message: words.t('This window is in Restricted Mode.'),
    next: words.t('Trust the workspace first.'),
    details: {},
  };
}
