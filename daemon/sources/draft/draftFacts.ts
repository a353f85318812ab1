/** What was found in a repository and in the person's kubeconfig that a first slipway.yaml can be written from. */
export type DraftFacts = {
  /** The base name of the repository's folder. */
  readonly folderName: string;
  readonly charts: readonly ChartFacts[];
  /** In the order in which a release goes through them. */
  readonly environments: readonly EnvironmentFacts[];
  readonly contexts: readonly ContextFacts[];
  readonly applications: readonly ApplicationFacts[];
  /** Folders of Flyway migrations. */
  readonly migrations: readonly string[];
  /** Documents that look like a deployment procedure, the likeliest first. */
  readonly documents: readonly string[];
  readonly tags: TagFacts;
  /** Absent without a remote. */
  readonly remote?: RemoteFacts;
  /** The remotes, where there are several and nobody can say which one is meant. */
  readonly undecided?: readonly string[];
};

/** A chart of the repository. */
export type ChartFacts = {
  /** Its folder, relative to the top. */
  readonly path: string;
  readonly name: string;
  /** Values files that differ by environment, with `{environment}` in their path, the likeliest first. */
  readonly values: readonly ValuesFacts[];
  /** Absent when the chart has no workload that could be read. */
  readonly workload?: WorkloadChoice;
  /** Its other workloads: `deployment/worker`. */
  readonly otherWorkloads: readonly string[];
  /** Other values that set an image's tag: `worker.image.tag`. */
  readonly otherTagKeys: readonly string[];
  /** How the workload was read. */
  readonly readBy: 'helm' | 'templates' | 'nothing';
  /** Why helm could not render it, as one sentence. */
  readonly problem?: string;
};

/** The workload whose image is the version. */
export type WorkloadChoice = {
  /** `deployment/agent-name`. */
  readonly workload: string;
  readonly container: string;
  /** `kosmos/agent:{version}`, or the image as it stands where no value sets its tag. */
  readonly image: string;
  /** The value that sets the image's tag: `image.tag`. */
  readonly tagKey?: string;
};

/** Values files that differ by environment. */
export type ValuesFacts = {
  /** `values-{environment}.yaml`. */
  readonly template: string;
  readonly environments: readonly string[];
};

/** An environment by its name. */
export type EnvironmentFacts = {
  readonly name: string;
  /** Where the name comes from, for a comment. */
  readonly from: string;
  /** True when a file of the repository is for it; false when only a kubeconfig speaks of it. */
  readonly certain: boolean;
};

/** A context of the person's kubeconfig. */
export type ContextFacts = { readonly name: string; readonly server: string; readonly namespace?: string };

/** An Application of Argo CD, as a manifest in the repository. */
export type ApplicationFacts = {
  /** The manifest. */
  readonly file: string;
  readonly name: string;
  /** What it applies, relative to the top of its repository. */
  readonly path?: string;
  readonly branch?: string;
  readonly namespace?: string;
  readonly automated: boolean;
};

/** The repository's tags. */
export type TagFacts = {
  /** Which of them are releases: `v*`. */
  readonly glob: string;
  readonly newest?: string;
};

/** The repository's remote. */
export type RemoteFacts = {
  readonly name: string;
  /** Its default branch, as the person's own git last heard it. */
  readonly branch?: string;
};
