import type { ErrorCode } from '../../protocol/errors.ts';

/** The ways in which helm fails that we know. */
export type HelmProblemKind =
  | 'pendingOperation'
  | 'raceLost'
  | 'releaseMissing'
  | 'revisionMissing'
  | 'neverDeployed'
  | 'contextMissing'
  | 'loginFailed'
  | 'unreachable'
  | 'forbidden'
  | 'namespaceMissing'
  | 'namespaceEnding'
  | 'quotaExceeded'
  | 'webhookDown'
  | 'recordTooLong'
  | 'fieldConflict'
  | 'foreignOwner'
  | 'fieldUnknown'
  | 'kindUnknown'
  | 'objectRefused'
  | 'chartMissing'
  | 'valuesMissing'
  | 'valuesInvalid'
  | 'chartInvalid'
  | 'progressDeadline'
  | 'notReady'
  | 'hookFailed'
  | 'cancelled'
  | 'wrongFlag';

/** Why helm failed, as far as its words tell. */
export type HelmProblem = ProblemWords & {
  readonly kind: HelmProblemKind;
  /** The error code under which it reaches people. */
  readonly code: ErrorCode;
};

/** What people are told of a problem. */
export type ProblemWords = {
  /** One sentence: what happened. */
  readonly sentence: string;
  /** What they can do next. */
  readonly next: string;
  /** Named facts out of helm's words: manager, fields, object, file. */
  readonly details: Readonly<Record<string, string>>;
};
