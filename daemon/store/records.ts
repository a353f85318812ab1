import type { Digest } from '../model/digest.ts';

/** What people said and what was seen first, kept between runs; each change by a person is also an event. */
export type Records = {
  readonly trust: TrustRecords;
  readonly connections: ConnectionRecords;
  readonly tags: TagRecords;
  readonly repositories: RepositoryRecords;
};

/** The person's word that Slipway may act for a repository with exactly this list of commands. */
export type Trust = {
  readonly repositoryId: string;
  readonly commandsDigest: Digest;
  readonly commands: readonly (readonly string[])[];
  readonly person: string;
  /** ISO time in UTC. */
  readonly at: string;
};

/** The trust in repositories. */
export type TrustRecords = {
  get(repositoryId: string): Trust | undefined;
  /** Writes `repository.trusted`. */
  set(trust: Omit<Trust, 'at'>): Trust;
};

/** The person's consent to contact an environment's cluster, and through which context. */
export type Connection = {
  readonly repositoryId: string;
  readonly environment: string;
  readonly context: string;
  /** The paths of the kubeconfig files, in the order in which they were merged. */
  readonly kubeconfigs: readonly string[];
  /** The uid of the cluster's namespace `kube-system`; absent until it answered. */
  readonly clusterId?: string;
  readonly server: string;
  readonly person: string;
  /** ISO time in UTC. */
  readonly at: string;
};

/** The consents to contact clusters. */
export type ConnectionRecords = {
  get(repositoryId: string, environment: string): Connection | undefined;
  list(repositoryId: string): readonly Connection[];
  /** Writes `environment.connected`. */
  set(connection: Omit<Connection, 'at'>): Connection;
  /** Writes `environment.disconnected` when there was a consent. */
  withdraw(options: {
    readonly repositoryId: string;
    readonly environment: string;
    readonly person: string;
  }): void;
};

/** Where a tag pointed when Slipway first saw it, or where a person accepted it. */
export type SeenTag = {
  readonly tag: string;
  readonly commit: string;
  /** ISO time in UTC. */
  readonly firstSeen: string;
};

/** The tags that were seen. */
export type TagRecords = {
  list(repositoryId: string): readonly SeenTag[];
  /** Keeps those not seen before, and answers every seen tag: one whose commit differs has moved. */
  see(
    repositoryId: string,
    tags: readonly { readonly tag: string; readonly commit: string }[],
  ): readonly SeenTag[];
  /** Takes a moved tag's new commit as right and writes `release.tagMoveAccepted`. */
  acceptMove(options: {
    readonly repositoryId: string;
    readonly tag: string;
    readonly commit: string;
    readonly person: string;
  }): void;
};

/** Where the repositories that were opened are, so that a restarted daemon finds them without a window. */
export type RepositoryRecords = {
  folderOf(repositoryId: string): string | undefined;
  set(repository: { readonly repositoryId: string; readonly folder: string }): void;
};
