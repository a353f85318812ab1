import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Secrets where a person has them; each is unlike anything else. */
export const planted = {
  variable: 'planted-variable-7c1e',
  kubeconfigToken: 'planted-token-93ab',
  pluginSecret: 'planted-plugin-52f0',
} as const;

/** Writes a kubeconfig with secrets; resolves to the environment in which it and another secret are found. */
export async function plantSecrets(folder: string): Promise<Readonly<Record<string, string>>> {
  const file = join(folder, 'planted-kubeconfig');
  await writeFile(
    file,
    `apiVersion: v1
kind: Config
clusters: [{name: far, cluster: {server: 'https://far.invalid:6443'}}]
contexts: [{name: far, context: {cluster: far, user: ada}}]
users:
  - name: ada
    user: {token: ${planted.kubeconfigToken}}
  - name: bob
    user: {exec: {apiVersion: v1, command: login, env: [{name: CLIENT_SECRET, value: ${planted.pluginSecret}}]}}
`,
    { mode: 0o600 },
  );
  return { KUBECONFIG: file, AWS_SECRET_ACCESS_KEY: planted.variable };
}
