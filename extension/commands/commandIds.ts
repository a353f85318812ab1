/** Every command of Slipway: the same list as `contributes.commands` of package.json, which a test compares. */
export const commandIds = [
  'slipway.promoteRelease',
  'slipway.startPromotion',
  'slipway.planAgain',
  'slipway.diffStoredManifest',
  'slipway.diffLiveCluster',
  'slipway.rollBackEnvironment',
  'slipway.repairEnvironment',
  'slipway.cancelPromotion',
  'slipway.connectEnvironment',
  'slipway.connectAllEnvironments',
  'slipway.disconnectEnvironment',
  'slipway.trustRepository',
  'slipway.showOutput',
  'slipway.showTimeline',
  'slipway.verifyJournal',
  'slipway.refreshReleases',
  'slipway.showMoreReleases',
  'slipway.acceptMovedTag',
  'slipway.showSetup',
  'slipway.showLog',
  'slipway.restartDaemon',
  'slipway.openProcedure',
  'slipway.copyVersion',
  'slipway.copyCommit',
] as const;

/** The id of one of Slipway's commands. */
export type CommandId = (typeof commandIds)[number];
