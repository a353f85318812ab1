import type { Checklist } from './check.ts';
import type { Digest } from './digest.ts';
import type { DigestPart } from './digests/digestParts.ts';
import type { GateKind } from './gate.ts';

/** What `slipway.yaml` says, parsed. */
export type Procedure = {
  readonly name: string;
  /** The document the procedure was written from, as a path in the repository. */
  readonly document?: string;
  /** The git revision that policy is read from; absent = the remote's default branch. */
  readonly policyFrom?: string;
  readonly releases: ReleaseRules;
  readonly components: readonly Component[];
  /** In the order in which a release goes through them. */
  readonly environments: readonly Environment[];
  /** Name to target, shown in the tree and in reports. */
  readonly links: Readonly<Record<string, string>>;
  /** The folder of the database's migrations in the repository. */
  readonly migrations?: string;
  /** The commands the file can make Slipway run, for the trust question; each an argument list. */
  readonly commands: readonly (readonly string[])[];
};

/** Where releases come from. */
export type ReleaseRules = {
  /** A glob over git tags; default `v*`. */
  readonly tags: string;
  /** Branch name to the version pattern of its releases. */
  readonly branches: Readonly<Record<string, string>>;
  /** Component name to image reference with `{version}`, `{number}` or `{commit}`. */
  readonly images: Readonly<Record<string, string>>;
};

/** One deployable unit. */
export type Component = {
  readonly name: string;
  readonly workload?: WorkloadReference;
  /** The container whose image is the component's version; absent = the first. */
  readonly container?: string;
  readonly helm?: HelmMethod;
  /** Every method that the file names, in the order of preference. */
  readonly methods: readonly MethodName[];
};

/** The ways to bring a component to an environment. */
export type MethodName = 'gitops' | 'helm' | 'kubectl';

/** A workload by kind and name: `deployment/agent-name`. */
export type WorkloadReference = {
  readonly kind: 'deployment' | 'statefulset' | 'daemonset';
  readonly name: string;
};

/** How `helm upgrade` brings a component to an environment; texts may hold placeholders. */
export type HelmMethod = {
  readonly release: string;
  /** The chart's folder in the repository, relative to its root, as written in the document. */
  readonly chart: string;
  readonly values: readonly string[];
  readonly set: Readonly<Record<string, string>>;
  /** A Go duration such as `10m`. */
  readonly timeout: string;
  /** True where an empty namespace may get a first installation. */
  readonly install: boolean;
  /** Helm's way of waiting; absent = `watcher`. */
  readonly wait?: 'watcher' | 'legacy';
};

/** Where a release can run. */
export type Environment = {
  readonly name: string;
  readonly purpose?: string;
  /** What data it holds: `synthetic`, `production-like`, `live`. */
  readonly data?: string;
  /** The environment that a release must have succeeded in first. */
  readonly after?: string;
  readonly cluster?: { readonly id?: string; readonly namespace: string };
  readonly guarded: boolean;
  /** What must be complete before a promotion. */
  readonly checklist?: Checklist;
  /** Policy keys that this version cannot check: each becomes a gate that holds. */
  readonly unavailable: readonly UnavailablePolicy[];
  /** The hash of this environment's policy: gates, roles, windows, checklists, and nothing else of the file. */
  readonly policyHash: Digest;
  /** The parts of that policy by name, for what a change is called. */
  readonly policyParts: readonly DigestPart[];
};

/** A key of the procedure whose gate this version of Slipway cannot check. */
export type UnavailablePolicy = {
  readonly kind: GateKind;
  /** The key's path in the file: `environments.production.approvals`. */
  readonly path: string;
};
