/** Somebody who can use the sandbox's cluster: the user name and groups in his client certificate. */
export interface Person {
  readonly name: string;
  readonly groups: readonly string[];
}

/**
 * The people of the sample procedure, one client certificate and one kubeconfig each.
 *
 * What each group may do is in sandbox/manifests/2-access.yaml.
 */
export const people: readonly Person[] = [
  { name: 'alice', groups: ['developers'] },
  { name: 'bob', groups: ['developers'] },
  { name: 'dana', groups: ['developers', 'dev-lead'] },
  { name: 'paul', groups: ['pm'] },
  { name: 'sue', groups: ['security'] },
  { name: 'olga', groups: ['on-call'] },
  { name: 'mia', groups: ['manager'] },
  { name: 'nina', groups: ['administrators'] },
  { name: 'admin', groups: ['system:masters'] },
];

/** The three environments of the sample procedure: context name and namespace, in the order of promotion. */
export const environments = [
  { context: 'kosmos-development', namespace: 'kosmos-development' },
  { context: 'kosmos-staging', namespace: 'kosmos-staging' },
  { context: 'kosmos-production', namespace: 'kosmos' },
] as const;
