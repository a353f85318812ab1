import type { ObjectChange } from '../model/plan.ts';

/** Says which objects the API server does not take as they are; where their namespace is not there, only that, once. */
export function describeRefused(objects: readonly ObjectChange[]): readonly string[] {
  const sentences = objects
    .filter(({ change }) => change === 'error')
    .map(({ object, conflicts }) => {
      const said = conflicts.join('; ');
      const { namespace } = /\bnamespaces "(?<namespace>[^"]*)" not found/.exec(said)?.groups ?? {};
      return namespace === undefined ? `${object}: ${said}` : describeMissingNamespace(namespace);
    });
  return [...new Set(sentences)];
}

function describeMissingNamespace(namespace: string): string {
  return (
    `The namespace ${namespace} does not exist in this cluster, so helm would fail: make it first ("kubectl create namespace ` +
    `${namespace}"), or correct cluster.namespace of the environment in slipway.yaml.`
  );
}
