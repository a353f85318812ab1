/** Whose log it is. */
export type LogPlace = {
  readonly repositoryId: string;
  readonly environment: string;
  /** `deployment/agent-name` or `pod/agent-name-5c6f-x2k`. */
  readonly workload: string;
};
