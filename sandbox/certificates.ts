import 'reflect-metadata';
import { generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { type Person, people } from './people.ts';

/** PEM files of one certificate and its key. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface Certificates {
  /** PEM file of the certificate that signed all others. */
  readonly authority: string;
  /** For the API server and for KWOK's kubelet port: 127.0.0.1 and localhost, server and client use. */
  readonly server: CertificateFiles;
  readonly controllerManager: CertificateFiles;
  readonly scheduler: CertificateFiles;
  readonly people: ReadonlyMap<string, CertificateFiles>;
  readonly serviceAccountKey: string;
  readonly serviceAccountPublicKey: string;
}

/** The sandbox is thrown away long before; nothing here renews certificates. */
const validYears = 10;
const keyKind = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/**
 * Returns the cluster's certificates in `directory`, made at the first call and kept from then on.
 *
 * The folder is 0700 and every key 0600. Made whole or not at all: a start that was killed leaves nothing half done.
 */
export async function ensureCertificates(directory: string): Promise<Certificates> {
  const files = certificatesIn(directory);
  const there = await stat(directory).catch(() => undefined);
  const known = await readFile(join(directory, 'people'), 'utf8').catch(() => '');
  if (there !== undefined && known === peopleKey()) {
    return files;
  }
  const unfinished = `${directory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await makeAll(certificatesIn(unfinished));
  await writeFile(join(unfinished, 'people'), peopleKey());
  await rm(directory, { recursive: true, force: true });
  await rename(unfinished, directory);
  return files;
}

/** Changes when somebody joins or changes groups: then all certificates are made anew. */
function peopleKey(): string {
  return JSON.stringify(people);
}

function certificatesIn(directory: string): Certificates {
  const pair = (name: string): CertificateFiles => ({
    certificate: join(directory, `${name}.crt`),
    key: join(directory, `${name}.key`),
  });
  return {
    authority: join(directory, 'authority.crt'),
    server: pair('server'),
    controllerManager: pair('controller-manager'),
    scheduler: pair('scheduler'),
    people: new Map(people.map(person => [person.name, pair(`person-${person.name}`)])),
    serviceAccountKey: join(directory, 'service-account.key'),
    serviceAccountPublicKey: join(directory, 'service-account.pub'),
  };
}

async function makeAll(files: Certificates): Promise<void> {
  const authority = await makeAuthority();
  await writeFile(files.authority, authority.certificate.toString('pem'));

  const issue = async (
    to: CertificateFiles,
    person: Person,
    extensions: x509.Extension[] = [],
  ): Promise<void> => {
    const keys = await webcrypto.subtle.generateKey(keyKind, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: randomBytes(8).toString('hex'),
      // Kubernetes reads the user from CN and the groups from O.
      subject: [{ CN: [person.name] }, ...person.groups.map(group => ({ O: [group] }))],
      issuer: authority.certificate.subject,
      ...validity(),
      publicKey: keys.publicKey,
      signingKey: authority.keys.privateKey,
      signingAlgorithm: keyKind,
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.clientAuth,
          ...(extensions.length > 0 ? [x509.ExtendedKeyUsage.serverAuth] : []),
        ]),
        ...extensions,
      ],
    });
    await writeFile(to.certificate, certificate.toString('pem'));
    await writePrivate(to.key, await pemOfKey(keys.privateKey));
  };

  const here = new x509.SubjectAlternativeNameExtension([
    { type: 'ip', value: '127.0.0.1' },
    { type: 'dns', value: 'localhost' },
    { type: 'dns', value: 'kubernetes.default.svc' },
  ]);
  // The API server shows this certificate to its clients, and to KWOK as its client.
  await issue(files.server, { name: 'kube-apiserver', groups: ['system:masters'] }, [here]);
  await issue(files.controllerManager, { name: 'system:kube-controller-manager', groups: [] });
  await issue(files.scheduler, { name: 'system:kube-scheduler', groups: [] });
  for (const person of people) {
    const to = files.people.get(person.name);
    if (to !== undefined) {
      await issue(to, person);
    }
  }

  const serviceAccount = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writePrivate(files.serviceAccountKey, serviceAccount.privateKey);
  await writeFile(files.serviceAccountPublicKey, serviceAccount.publicKey);
}

async function makeAuthority(): Promise<{
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}> {
  const keys = await webcrypto.subtle.generateKey(keyKind, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(8).toString('hex'),
    name: 'CN=slipway-sandbox',
    ...validity(),
    keys,
    signingAlgorithm: keyKind,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return { certificate, keys };
}

function validity(): { notBefore: Date; notAfter: Date } {
  const anHourAgo = new Date(Date.now() - 3_600_000);
  const end = new Date(anHourAgo);
  end.setUTCFullYear(end.getUTCFullYear() + validYears);
  return { notBefore: anHourAgo, notAfter: end };
}

async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const body = der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;
}

async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
}
