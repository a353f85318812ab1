import type { CheckFacts } from '../decideCheck.ts';
import type { Digest } from '../digest.ts';
import type { PromotionKind } from '../plan.ts';
import type { Environment } from '../procedure.ts';

/** What the gates are decided from: facts of one instant, gathered beforehand. */
export type GateInput = {
  readonly kind: PromotionKind;
  readonly release: { readonly version: string; readonly commit: string; readonly digest: Digest };
  readonly environment: Environment;
  /** The environment that `after` names; absent when there is none. */
  readonly before?: PreviousEnvironment;
  /** What the environment's checklist is decided from; without it nobody can say, and it holds. */
  readonly checks?: CheckFacts;
  /** The promotion that holds the environment's lock now. */
  readonly lock?: LockHolder;
  /** What makes people obey: "advice: kept on this machine". */
  readonly enforcement: string;
};

/** What is known of the environment that a release must have succeeded in first. */
export type PreviousEnvironment = {
  readonly name: string;
  /** Our own last succeeded promotion of this very release digest there. */
  readonly succeeded?: { readonly promotionId: string; readonly at: string; readonly person: string };
  /** What runs there by component; absent when nobody can say (not connected, stale). */
  readonly running?: readonly RunningComponent[];
  /** Why nobody can say what runs there. */
  readonly problem?: string;
  /** True when a person can connect it. */
  readonly notConnected?: boolean;
};

/** What runs in an environment for one component, and what its version is told by. */
export type RunningComponent = {
  readonly component: string;
  /** By the workload's image: the release by its pattern, without a pattern its tag. */
  readonly version?: string;
  /** The commit of that release; absent where it is none of the repository's. */
  readonly commit?: string;
  /** The version by Helm's own record, only where it differs. */
  readonly helmVersion?: string;
  /** The image with `{version}`, `{number}` or `{commit}`, from the procedure. */
  readonly pattern?: string;
  /** The promotion of ours that made Helm's deployed revision. */
  readonly promotionId?: string;
};

/** Who holds an environment's lock. */
export type LockHolder = {
  readonly promotionId: string;
  readonly person: string;
  readonly release: string;
  /** ISO time in UTC. */
  readonly since: string;
  /** Since when its promotion has been over, in a way that needs a person (ISO time in UTC); absent while it runs. */
  readonly needsPersonSince?: string;
};
