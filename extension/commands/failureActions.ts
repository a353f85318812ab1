import type { Translate } from '../words.ts';
import type { CommandId } from './commandIds.ts';

/** A button of an error message: the command that does what the error says to do next, for what the failed one was about. */
export type FailureAction = {
  readonly title: string;
  readonly command:
    | CommandId
    | 'workbench.action.reloadWindow'
    | 'workbench.trust.manage'
    | 'workbench.action.files.openFolder'
    | 'workbench.actions.view.problems'
    | 'workbench.extensions.action.checkForUpdates'
    | 'workbench.view.scm'
    | 'git.init';
};

/** The buttons for an error code; none where the person can do nothing with a command. */
export function buildFailureActions(code: string, t: Translate): readonly FailureAction[] {
  const connect = { title: t('Connect...'), command: 'slipway.connectEnvironment' } as const;
  const log = { title: t('Show Log'), command: 'slipway.showLog' } as const;
  const settings = { title: t('Open Settings'), command: 'slipway.openSettings' } as const;
  const look = { title: t('Look Again'), command: 'slipway.refreshReleases' } as const;
  const openFile = { title: t('Open slipway.yaml'), command: 'slipway.openProcedure' } as const;
  const again = { title: t('Plan Again...'), command: 'slipway.planAgain' } as const;
  const checklist = { title: t('Show Checklist'), command: 'slipway.showChecklist' } as const;
  const setup = { title: t('Show Setup'), command: 'slipway.showSetup' } as const;
  const timeline = { title: t('Show Timeline'), command: 'slipway.showTimeline' } as const;
  const restart = { title: t('Restart Daemon'), command: 'slipway.restartDaemon' } as const;
  const actions: Readonly<Record<string, readonly FailureAction[]>> = {
    restricted: [{ title: t('Manage Workspace Trust'), command: 'workbench.trust.manage' }],
    internal: [log],
    disconnected: [log],
    unsupportedSystem: [log],
    timedOut: [log],
    badRequest: [restart],
    protocolMismatch: [{ title: t('Reload Window'), command: 'workbench.action.reloadWindow' }],
    daemonNotStarted: [log, restart],
    stateFolderRefused: [log, restart],
    noFolder: [{ title: t('Open Folder...'), command: 'workbench.action.files.openFolder' }],
    noRepository: [{ title: t('Initialize Repository'), command: 'git.init' }],
    noProcedure: [{ title: t('Create Procedure...'), command: 'slipway.createProcedure' }],
    misplacedProcedure: [{ title: t('Show the File'), command: 'slipway.openProcedure' }],
    procedureExists: [openFile],
    invalidProcedure: [openFile, { title: t('Show Problems'), command: 'workbench.actions.view.problems' }],
    unknownEnvironment: [openFile],
    policyUnavailable: [openFile, { title: t('Open Source Control'), command: 'workbench.view.scm' }],
    notTrusted: [{ title: t('Trust...'), command: 'slipway.trustRepository' }],
    movedTag: [{ title: t('Accept Moved Tag...'), command: 'slipway.acceptMovedTag' }],
    notConnected: [connect],
    unknownContext: [connect],
    wrongCluster: [connect],
    clusterUnreachable: [look, setup],
    clusterRefused: [log],
    forbidden: [setup],
    toolMissing: [setup, settings, restart],
    toolTooOld: [setup, settings, restart],
    chartMissing: [openFile],
    valuesMissing: [openFile],
    invalidArgument: [openFile],
    noMethod: [openFile],
    partialClone: [look, log],
    loginExpired: [look],
    storeFailed: [setup, restart],
    storeTooNew: [
      { title: t('Check for Updates'), command: 'workbench.extensions.action.checkForUpdates' },
      setup,
    ],
    toolFailed: [log],
    pendingRevision: [
      { title: t('Repair...'), command: 'slipway.repairEnvironment' },
      { title: t('Roll Back...'), command: 'slipway.rollBackEnvironment' },
    ],
    planGone: [again],
    planStale: [again],
    locked: [timeline, { title: t('Cancel Promotion...'), command: 'slipway.cancelPromotion' }],
    noGoodRevision: [{ title: t('Promote Release...'), command: 'slipway.promoteRelease' }],
    planStarted: [timeline],
    gateHolds: [checklist, again],
    unknownCheck: [checklist],
    checkStale: [checklist],
    notInRole: [{ title: t('Open slipway.yaml'), command: 'slipway.openProcedure' }],
    unknownPromotion: [{ title: t('Refresh'), command: 'slipway.refreshReleases' }],
    unknownWorkload: [look],
    unknownRelease: [{ title: t('Refresh'), command: 'slipway.refreshReleases' }],
  };
  return actions[code] ?? [];
}
