/** The variables that tools get, of those that are set: never the daemon's or the editor's own. */
export function buildAllowedEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && isAllowed(name) ? [[name, value]] : [],
    ),
  );
}

const names = new Set([
  'PATH',
  'KUBECONFIG',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LANGUAGE',
  'TMPDIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'SSH_AUTH_SOCK',
  // The user's registry credentials.
  'DOCKER_CONFIG',
  // Helm's folders and files; not HELM_NAMESPACE, HELM_KUBE*, HELM_DRIVER and the like, which would change a plan.
  'HELM_CACHE_HOME',
  'HELM_CONFIG_HOME',
  'HELM_DATA_HOME',
  'HELM_PLUGINS',
  'HELM_REGISTRY_CONFIG',
  'HELM_REPOSITORY_CACHE',
  'HELM_REPOSITORY_CONFIG',
]);

const families = /^(?:LC|XDG|AWS|AZURE|GOOGLE|CLOUDSDK)_/;
const proxies = /^(?:https?|no|all)_proxy$/i;

function isAllowed(name: string): boolean {
  return names.has(name) || families.test(name) || proxies.test(name);
}
