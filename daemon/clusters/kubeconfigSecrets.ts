import { readFile } from 'node:fs/promises';
import { isSecretName } from '../protocol/redaction/secretVariables.ts';
import type { Kubeconfig } from './kubeconfig.ts';

/** The values in a kubeconfig, and in the files that it names, that must never be shown. */
export async function listKubeconfigSecrets({ entries }: Kubeconfig): Promise<readonly string[]> {
  const users = [...entries.users.values()];
  const texts = users.flatMap(user => [
    ...['token', 'password', 'client-key-data'].map(key => user[key]),
    ...listVariables(user),
    ...listProviderValues(user),
  ]);
  const files = users.flatMap(user => ['tokenFile', 'client-key'].map(key => user[key]));
  const contents = await Promise.all(files.filter(isText).map(readSecretFile));
  return [...texts, ...contents].filter(isText);
}

/** What a credential plugin gets in its environment. */
function listVariables(user: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { exec } = user;
  const variables: unknown = isRecord(exec) ? exec['env'] : undefined;
  return (Array.isArray(variables) ? variables : []).flatMap((variable: unknown) =>
    isRecord(variable) && isSecretName(String(variable['name'])) ? [variable['value']] : [],
  );
}

/** The tokens that kubectl of old kept in the file itself. */
function listProviderValues(user: Readonly<Record<string, unknown>>): readonly unknown[] {
  const provider = user['auth-provider'];
  const config: unknown = isRecord(provider) ? provider['config'] : undefined;
  return isRecord(config)
    ? Object.entries(config).flatMap(([name, value]) => (isSecretName(name) ? [value] : []))
    : [];
}

async function readSecretFile(path: string): Promise<string> {
  return readFile(path, 'utf8').then(
    text => text.trim(),
    () => '',
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
