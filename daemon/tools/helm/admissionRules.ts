import { firstLine, type ProblemRule, pick } from './problemRule.ts';

/**
 * What the API server refuses though the user has the right to it. A webhook that is down comes with the words of a
 * network that is down, so these rules stand before the ones about the cluster itself.
 */
export const admissionRules: readonly ProblemRule[] = [
  {
    kind: 'webhookDown',
    code: 'clusterRefused',
    pattern: /failed calling webhook "(?<hook>[^"]*)": (?:failed to call webhook: )?(?<why>[^\n]*)/,
    describe: match => ({
      sentence: `The API server refused, since it could not ask the cluster's own admission webhook ${match.groups?.['hook'] ?? ''}: ${firstLine(match.groups?.['why'])}.`,
      next: 'Ask whoever runs that webhook in the cluster to mend it, then try again.',
      details: pick(match, 'hook'),
    }),
  },
  {
    kind: 'namespaceEnding',
    code: 'clusterRefused',
    pattern: /unable to create new content in namespace (?<namespace>\S+) because it is being terminated/,
    describe: match => ({
      sentence: `The namespace ${match.groups?.['namespace'] ?? ''} is being deleted, and takes nothing new.`,
      next: 'Wait until it has gone and make it anew, or correct cluster.namespace of the environment in slipway.yaml.',
      details: pick(match, 'namespace'),
    }),
  },
  {
    kind: 'quotaExceeded',
    code: 'clusterRefused',
    pattern:
      /(?<object>[^\s:]+(?: "[^"]+")?) is forbidden: (?:exceeded quota: (?<quota>[^\n]*)|failed quota: (?<missing>[^\n]*))/,
    describe: match => {
      const { object = 'an object', quota, missing } = match.groups ?? {};
      return quota === undefined
        ? {
            sentence: `The quota of the namespace does not take ${object}: ${firstLine(missing)}.`,
            next: 'Set in the chart what the quota asks for, then make a new release.',
            details: pick(match, 'object'),
          }
        : {
            sentence: `The quota of the namespace has no room for ${object}: ${firstLine(quota)}.`,
            next: 'Free what is used, or ask an administrator of the cluster for a larger quota.',
            details: pick(match, 'object'),
          };
    },
  },
  {
    kind: 'objectRefused',
    code: 'clusterRefused',
    // What the authorizer refuses names the user first.
    pattern:
      /(?<object>[^\s:]+(?: "[^"]+")?) is forbidden: (?!User ")(?<why>(?!ValidatingAdm|MutatingAdm)[^\n]*)/,
    describe: match => ({
      sentence: `The API server does not take ${match.groups?.['object'] ?? 'an object'}: ${firstLine(match.groups?.['why'])}.`,
      next: 'Read what the API server says, and mend what it names.',
      details: pick(match, 'object'),
    }),
  },
];
