import assert from 'node:assert/strict';
import { listSecretValues } from '../../../daemon/protocol/redaction/secretVariables.ts';
import { buildAllowedEnvironment } from '../../../daemon/tools/process/allowedEnvironment.ts';

describe('the environment of tools', () => {
  it('holds what tools need to find the network, the cluster and the person', () => {
    const env = {
      PATH: '/bin',
      KUBECONFIG: '/k',
      HTTPS_PROXY: 'http://p',
      no_proxy: 'x',
      LC_ALL: 'C',
      XDG_RUNTIME_DIR: '/run',
      AWS_PROFILE: 'a',
      CLOUDSDK_CONFIG: '/c',
      HELM_CACHE_HOME: '/h',
      SSH_AUTH_SOCK: '/s',
    };
    assert.deepEqual(buildAllowedEnvironment(env), env);
  });

  it('holds nothing that would change what a tool does', () => {
    const env = {
      HELM_NAMESPACE: 'other',
      HELM_KUBECONTEXT: 'other',
      HELM_DRIVER: 'sql',
      HELM_DEBUG: '1',
      KUBECTL_EXTERNAL_DIFF: 'x',
      GIT_DIR: '/x',
      LD_PRELOAD: '/x',
      NODE_OPTIONS: '--inspect',
      ELECTRON_RUN_AS_NODE: '1',
      SLIPWAY_HOME: '/x',
      VSCODE_IPC_HOOK: '/x',
      unset: undefined,
    };
    assert.deepEqual(buildAllowedEnvironment(env), {});
  });

  it('L-08d tells its secrets to the redactor', () => {
    const env = {
      AWS_SECRET_ACCESS_KEY: 'abcd',
      AWS_SESSION_TOKEN: 'efgh',
      AZURE_CLIENT_SECRET: 'ijkl',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/var/token',
      GOOGLE_APPLICATION_CREDENTIALS: '/home/ada/key.json',
      AWS_PROFILE: 'production',
      AZURE_PASSWORD: '/begins+like/a/path',
    };
    assert.deepEqual(listSecretValues(env), ['abcd', 'efgh', 'ijkl', '/begins+like/a/path']);
  });
});
