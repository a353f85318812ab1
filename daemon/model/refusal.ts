/** What the API server's authorizer refused: who may not do what, where. */
export type Refusal = {
  readonly user: string;
  readonly verb: string;
  /** `deployments.apps`, or a path. */
  readonly object: string;
  readonly namespace?: string;
};

/**
 * Reads the sentence of the authorizer out of what the API server, or a tool, says.
 * https://kubernetes.io/docs/reference/access-authn-authz/authorization/
 */
export function parseRefusal(text: string): Refusal | undefined {
  const { user, verb, resource, group, path, namespace } = pattern.exec(text)?.groups ?? {};
  const object = resource === undefined ? path : group ? `${resource}.${group}` : resource;
  return user === undefined || verb === undefined || object === undefined
    ? undefined
    : { user, verb, object, ...(namespace === undefined ? {} : { namespace }) };
}

/** `sue may not patch deployments.apps in namespace shop`, without a full stop. */
export function describeRefusal({ user, verb, object, namespace }: Refusal): string {
  const where = namespace === undefined ? 'at the scope of the cluster' : `in namespace ${namespace}`;
  return `${user || 'An unknown user'} may not ${verb} ${object} ${where}`;
}

/** Whom to ask for what. */
export function describeMissingRight({ user, verb, object, namespace }: Refusal): string {
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  return `Ask an administrator of the cluster to let ${user || 'you'} ${verb} ${object}${where}.`;
}

const pattern =
  /User "(?<user>[^"]*)" cannot (?<verb>\S+) (?:resource "(?<resource>[^"]+)"(?: in API group "(?<group>[^"]*)")?|path "(?<path>[^"]+)")(?: in the namespace "(?<namespace>[^"]+)")?/;
