import type { Digest } from './digest.ts';
import type { Gate } from './gate.ts';

/** What a promotion is for. */
export type PromotionKind = 'regular' | 'emergency' | 'rollback';

/** A release as a plan fixes it. */
export type PlannedRelease = {
  readonly version: string;
  /** The full commit id. */
  readonly commit: string;
  readonly digest: Digest;
};

/** Where a plan's promotion will run. */
export type PlannedTarget = {
  readonly environment: string;
  readonly namespace: string;
  /** The uid of the cluster's namespace `kube-system`. */
  readonly clusterId: string;
  /** The person's own name for it, from their kubeconfig; never part of a digest. */
  readonly context: string;
  readonly server: string;
};

/** One argument of a command; `added` marks what Slipway puts beside the document's own words. */
export type PlannedArgument = { readonly text: string; readonly added: boolean };

/** The exact command of a step. */
export type PlannedCommand = {
  readonly tool: 'helm' | 'kubectl' | 'git' | 'argocd' | 'flyway';
  readonly args: readonly PlannedArgument[];
};

/** What a step does; each kind has one file in `daemon/steps`. */
export type StepKind = 'helmUpgrade' | 'helmRollback' | 'helmUninstall' | 'helmStatus' | 'verifyWorkloads';

/** A unit of work of a plan. */
export type PlannedStep = {
  readonly id: string;
  readonly kind: StepKind;
  /** A few words for the tree: "helm upgrade kosmos". */
  readonly title: string;
  readonly command?: PlannedCommand;
  /** The step kind's own input, as strings by name. */
  readonly input: Readonly<Record<string, string>>;
  /** How it is undone, or why it is not. */
  readonly undo: string;
  /** The longest it may take, in seconds. */
  readonly timeoutSeconds: number;
};

/** An image of a component before and after. */
export type ImageChange = {
  readonly component: string;
  readonly container: string;
  readonly before?: string;
  readonly after: string;
  /** `sha256:...` as the registry says, or `unverified`. */
  readonly digest: string;
};

/** A commit between what runs and what is to run. */
export type Commit = {
  readonly id: string;
  readonly author: string;
  /** ISO time in UTC. */
  readonly date: string;
  readonly subject: string;
};

/** The commits a promotion brings or takes back. */
export type CommitRange = {
  readonly from?: string;
  readonly to: string;
  readonly direction: 'forward' | 'backward' | 'unrelated' | 'first';
  readonly commits: readonly Commit[];
  /** How many there are in all, when the list is cut. */
  readonly total: number;
};

/** What happens to one object of the cluster. */
export type ObjectChange = {
  /** `apps/v1/Deployment/agent-name`. */
  readonly object: string;
  readonly change: 'create' | 'change' | 'delete' | 'same' | 'error';
  /** Fields that another manager owns and that would be taken over, or what the API server said. */
  readonly conflicts: readonly string[];
};

/** Which file decided the gates. */
export type PlanPolicy = {
  readonly hash: Digest;
  /** `origin/main`, or the local branch. */
  readonly from: string;
  readonly commit: string;
  /** Said beside every gate where nothing but this machine keeps it. */
  readonly advice?: string;
};

/** The steps a promotion will run with their exact commands, fixed before it starts. */
export type Plan = {
  readonly id: string;
  readonly digest: Digest;
  readonly kind: PromotionKind;
  readonly repositoryId: string;
  readonly procedure: string;
  readonly release: PlannedRelease;
  readonly target: PlannedTarget;
  readonly policy: PlanPolicy;
  readonly steps: readonly PlannedStep[];
  readonly images: readonly ImageChange[];
  readonly commits: CommitRange;
  readonly objects: readonly ObjectChange[];
  /** Sentences people must read before they confirm. */
  readonly warnings: readonly string[];
  readonly gates: readonly Gate[];
  /** What the person must do to confirm. */
  readonly confirmation: 'typeEnvironment' | 'modal';
  /** When the live state behind it was read, as an ISO time in UTC. */
  readonly readAt: string;
};
