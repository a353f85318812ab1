import * as z from 'zod';

/**
 * Every way in which a request can fail, with what the person can do next.
 * The union is closed: an error that is none of these is a defect and reaches the client as `internal`.
 */
export const errorNextSteps = {
  internal: 'Run "Slipway: Show Log" and report what it says; the daemon goes on.',
  badRequest: 'Update the extension and the daemon to the same version: run "Slipway: Restart Daemon".',
  protocolMismatch: 'Reload the window, so that the extension and the daemon have the same version.',
  daemonNotStarted: 'Run "Slipway: Show Log", mend what it says, then run "Slipway: Restart Daemon".',
  disconnected: 'Wait a moment: Slipway connects again by itself; then look before you try again.',
  stateFolderRefused: 'Make the named path yours alone (or remove it), then run "Slipway: Restart Daemon".',
  unsupportedSystem: 'Open the folder in WSL, in a container or on a remote host.',
  cancelled: 'Nothing to do: it was cancelled.',
  timedOut: 'Try again; when that takes too long, too, run "Slipway: Show Log" and read the end of it.',
  noRepository: 'Open a folder that is a git repository.',
  noProcedure: 'Run "Slipway: Create Procedure...": it writes a first slipway.yaml from what it finds.',
  misplacedProcedure: 'Rename the named file to slipway.yaml, at the root of the repository.',
  invalidProcedure: 'Open slipway.yaml and mend what the Problems view shows.',
  policyUnavailable: 'Fetch the branch that policyFrom names, or correct policyFrom in slipway.yaml.',
  partialClone: 'Look again when its remote can be reached, or make the clone whole with the named command.',
  notTrusted: 'Run "Slipway: Trust Repository..." after you have read its commands.',
  unknownEnvironment: 'Pick one of the environments in slipway.yaml.',
  unknownRelease: 'Pick a release from the list, or create the tag.',
  movedTag: 'Find out who moved the tag; run "Slipway: Accept Moved Tag..." only when it was on purpose.',
  unknownWorkload: 'Pick a workload or a pod that the environment has now.',
  notConnected: 'Run "Slipway: Connect Environment..." and pick the kubeconfig context for it.',
  unknownContext: 'Pick a context of your kubeconfig with "Slipway: Connect Environment...".',
  wrongCluster: 'Pick the context of the right cluster with "Slipway: Connect Environment...".',
  clusterUnreachable: 'Check the network and the VPN; Slipway goes on by itself when the cluster answers.',
  clusterRefused: 'Read what the API server says, and mend what it names.',
  forbidden: 'Ask an administrator of the cluster for the named right.',
  loginExpired:
    'Log in again with the tool that your kubeconfig names, then run "Slipway: Refresh Releases".',
  toolMissing:
    'Install it, or name its path in the settings (slipway.tools); after a change of PATH run "Slipway: Restart Daemon".',
  toolTooOld: 'Install a newer version of the tool, or name another path in the settings (slipway.tools).',
  chartMissing: 'Check the chart path of the component in slipway.yaml at this release.',
  valuesMissing: 'Check the values files of the component in slipway.yaml at this release.',
  toolFailed: 'Read the output of the tool.',
  logGone: 'Open the log again.',
  filterGone: 'Filter the log again.',
  tooManyLogs: 'Close a log that you need no more, then open this one again.',
  invalidPattern: 'Correct the pattern, or look for plain text instead.',
  saveFailed: 'Pick another folder, or free space on its disk, then save again.',
  planGone: 'Make the plan again: start the command once more.',
  planStale: 'Make the plan again and read what changed.',
  gateHolds: 'Read the gates in the plan: each says who can clear it.',
  unknownCheck: 'Open the checklist again: slipway.yaml asks for other checks by now.',
  notInRole: 'Ask one of the people in the role, or change people in slipway.yaml.',
  checkStale: 'Read what has changed in the checklist, look again, then tick it anew.',
  locked: 'Wait until the promotion that holds the lock has ended, or cancel it.',
  pendingRevision:
    'If nobody runs helm there now, run "Slipway: Roll Back Environment...": it repairs the release.',
  noMethod: 'Give the component a method that this version can run: methods.helm.',
  notConfirmed: 'Type the name of the environment exactly.',
  noGoodRevision: 'Promote a release that is known to be good instead.',
  unknownPromotion: 'Refresh the Releases view.',
  notRunning: 'Nothing to do: the promotion has ended.',
  storeFailed: 'Free space on the disk that holds the state folder, then try again.',
  storeTooNew: 'Update Slipway: a newer version has written this store.',
  invalidArgument: 'Correct the named value.',
} as const;

/** The code of an error. */
export type ErrorCode = keyof typeof errorNextSteps;

const codes = Object.keys(errorNextSteps) as [ErrorCode, ...ErrorCode[]];

/** What travels in the `data` of a JSON-RPC error. */
export const errorDataSchema = z.object({
  code: z.enum(codes),
  /** What the person can do next. */
  next: z.string(),
  /** Named facts: file, line, field, tool, path. */
  details: z.record(z.string(), z.string()),
});

/** What travels in the `data` of a JSON-RPC error. */
export type ErrorData = z.infer<typeof errorDataSchema>;

/** The JSON-RPC code under which every error of ours travels. */
export const slipwayErrorNumber = -32000;

/** An error that people can act on. */
export class SlipwayError extends Error {
  readonly code: ErrorCode;
  readonly next: string;
  readonly details: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      readonly next?: string;
      readonly details?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SlipwayError';
    this.code = code;
    this.next = options.next ?? errorNextSteps[code];
    this.details = options.details ?? {};
  }
}
