import type { Digest } from '../model/digest.ts';
import type { PlannedCommand } from '../model/plan.ts';
import type { Promotion } from '../model/promotion.ts';
import type { PromotionEvent, ToolExit } from '../model/promotionEvent.ts';

/** Where a test may stop the process to see what a restart makes of it. */
export type FaultPoint = 'beforeSpawn' | 'spawned' | 'running' | 'exited';

/** The journal as the runner needs it; every call is durable before it returns. */
export type PromotionLedger = {
  load(promotionId: string): Promotion;
  append(promotionId: string, event: PromotionEvent): void;
  /** Appends the end and releases the lock in one transaction; `needsPerson` keeps the lock. */
  end(promotionId: string, event: Extract<PromotionEvent, { type: 'promotion.ended' }>): void;
  /** Keeps a step's redacted output as a blob; `undefined` when there is none. */
  keepOutput(promotionId: string, stepId: string): KeptOutput | undefined;
};

/** A tool's redacted output and the digest of its blob. */
export type KeptOutput = { readonly digest: Digest; readonly text: string };

/** A tool's process, ours or adopted. */
export type RunningTool = {
  readonly pid: number;
  readonly startTime: string;
  readonly done: Promise<ToolExit>;
  /** SIGINT to its process group. */
  interrupt(): void;
};

/** What became of a spooled tool whose starter died. `neverStarted`: and it cannot start any more. */
export type AdoptedTool =
  | { readonly state: 'neverStarted' }
  | { readonly state: 'running'; readonly tool: RunningTool }
  | { readonly state: 'ended'; readonly exit: ToolExit }
  | { readonly state: 'lost' };

/** What must be known to start a tool. */
export type ToolStart = {
  readonly tool: PlannedCommand['tool'];
  readonly args: readonly string[];
  readonly spool: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly neverKill: boolean;
};

/** Starts and adopts tools that outlive the daemon. */
export type ToolHost = {
  start(options: ToolStart): Promise<RunningTool>;
  adopt(options: Pick<ToolStart, 'tool' | 'spool' | 'timeoutSeconds' | 'neverKill'>): Promise<AdoptedTool>;
};

/** What a step needs: `files`, the files of the release's commit to run in. */
export type RunNeed = { readonly files: boolean };

/** What was found out about a tool's cluster and its files just before it starts. */
export type RunBasis = {
  /** The kubeconfig that led to the cluster whose identity was checked. */
  readonly kubeconfig: string;
  /** The folder where the files of the release's commit are laid out. */
  readonly files?: string;
};

/** What a promotion's tools need around them. */
export type RunPreparation = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  spoolOf(stepId: string, attempt: number): string;
};
