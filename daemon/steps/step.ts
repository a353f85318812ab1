import type { PlannedStep } from '../model/plan.ts';
import type { Promotion } from '../model/promotion.ts';
import type { Inspection } from '../model/promotionEvent.ts';
import type { FailureCause, HelmRevision, WorkloadStatus } from '../model/rollout.ts';
import type { Clock } from './patience.ts';

/** The real world of one promotion's target, as steps look at it; every call has a time limit. */
export type World = {
  /** Helm's own rows of a release, oldest first; throws SlipwayError when the cluster does not say. */
  revisions(release: string): Promise<readonly HelmRevision[]>;
  /** What Helm wrote beside a revision: "Upgrade complete", "context canceled". */
  describeRevision(release: string, revision: number): Promise<string>;
  /** The workloads of the namespace with their pods, no older than a second; throws when nobody can say. */
  workloads(): Promise<readonly WorkloadStatus[]>;
  /** Begins the look that the next `workloads()` asks for. */
  beginWorkloads(): void;
  /** Why pods fail at present. */
  causes(): readonly FailureCause[];
  /** Calls back after every change of the workloads or of the connection. */
  onChanged(listener: () => void): { dispose(): void };
};

/** What a step needs to look and to act. */
export type StepContext = {
  readonly promotion: Promotion;
  readonly step: PlannedStep;
  readonly world: World;
};

/** A kind of step: do, look, undo. The command of a tool step is in the plan; the runner runs it. */
export type StepKindDefinition = {
  /**
   * `tool`: the planned command is run in a process of its own that outlives the daemon.
   * `wait`: nothing is run; `wait` looks at the world until it is decided.
   */
  readonly effect: 'tool' | 'wait';
  /** True for a tool that changes nothing: it may be run again at any time. */
  readonly looks?: true;
  /** True for a tool that reads files of the release's commit: it runs where they are laid out. */
  readonly readsFiles?: true;
  /** True for a tool that holds a release: it is interrupted and awaited, never killed. */
  readonly neverKill: boolean;
  /** Looks at the real world: what of this step is done? Throws SlipwayError when nobody can say. */
  inspect(context: StepContext): Promise<Inspection>;
  /** Looks until it is decided, the signal aborts, or the step's time is up; tests bring a clock of their own. */
  wait?(context: StepContext, signal: AbortSignal, now?: Clock): Promise<Inspection>;
  /** Begins the first look of `wait`, when the step before has just ended and is still looked at. */
  begin?(context: StepContext): void;
  /** The step that puts right what this one left half done; `undefined` when a person has to. */
  buildCompensation?(context: StepContext, inspection: Inspection): PlannedStep | undefined;
};
