import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { CertificateFiles, Certificates } from './certificates.ts';
import { environments, people } from './people.ts';

interface Context {
  readonly name: string;
  readonly namespace: string;
}

/** Where `person`'s kubeconfig is in a state folder. */
export function kubeconfigPath(stateDir: string, person: string): string {
  return join(stateDir, 'kubeconfigs', `${person}.yaml`);
}

/**
 * Writes one kubeconfig per person and one each for the controller manager and the scheduler.
 *
 * Each holds its certificates, so it works from anywhere; the files are 0600 and change in one step. A person's
 * contexts are kosmos-development, kosmos-staging and kosmos-production; the administrator has one more, `admin`.
 */
export async function writeKubeconfigs(
  stateDir: string,
  { server, certificates }: { server: string; certificates: Certificates },
): Promise<void> {
  const write = (user: string, files: CertificateFiles, contexts: readonly Context[]): Promise<void> =>
    writeKubeconfig(kubeconfigPath(stateDir, user), {
      server,
      authority: certificates.authority,
      user,
      files,
      contexts,
    });

  const everyones = environments.map(({ context, namespace }) => ({ name: context, namespace }));
  for (const { name } of people) {
    const files = certificates.people.get(name);
    if (files !== undefined) {
      const own = name === 'admin' ? [{ name: 'admin', namespace: 'default' }] : [];
      await write(name, files, [...own, ...everyones]);
    }
  }
  const alone = [{ name: 'default', namespace: 'default' }];
  await write('controller-manager', certificates.controllerManager, alone);
  await write('scheduler', certificates.scheduler, alone);
}

async function writeKubeconfig(
  path: string,
  options: {
    server: string;
    authority: string;
    user: string;
    files: CertificateFiles;
    contexts: readonly Context[];
  },
): Promise<void> {
  const { user, contexts } = options;
  const cluster = 'slipway-sandbox';
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: cluster,
        cluster: { server: options.server, 'certificate-authority-data': await base64Of(options.authority) },
      },
    ],
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': await base64Of(options.files.certificate),
          'client-key-data': await base64Of(options.files.key),
        },
      },
    ],
    contexts: contexts.map(({ name, namespace }) => ({ name, context: { cluster, namespace, user } })),
    'current-context': contexts[0]?.name ?? '',
  };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, stringify(content, { lineWidth: 0 }), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

async function base64Of(path: string): Promise<string> {
  return (await readFile(path)).toString('base64');
}
