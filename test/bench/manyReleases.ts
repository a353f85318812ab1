import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import { runCommand } from '../../sandbox/runCommand.ts';
import { startSandboxDaemon, stopSandboxDaemon } from '../../sandbox/sandboxDaemon.ts';
import { buildMedian, buildSingle, type Figure } from './figure.ts';

/** Makes a repository of so many releases, and measures how long it takes to open and to show, and how much is sent. */
export async function measureManyReleases(options: {
  readonly releases: number;
  readonly program: string;
}): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-releases-'));
  const home = join(folder, 'home');
  try {
    const repository = await createRepository(join(folder, 'shop'), options.releases);
    const { client } = await startSandboxDaemon({
      home,
      program: options.program,
      kubeconfig: join(folder, 'kubeconfig'),
      toolFolder: dirname(process.execPath),
    });
    try {
      return await measure(client, repository, options.releases);
    } finally {
      client.close();
    }
  } finally {
    await stopSandboxDaemon(home);
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(client: DaemonClient, folder: string, releases: number): Promise<readonly Figure[]> {
  const what = `${releases} releases`;
  const [first, opened] = await time(() => client.request('repository.open', { folder }));
  const again: number[] = [];
  const refreshed: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    again.push((await time(() => client.request('repository.open', { folder })))[0]);
    const refresh = () => client.request('release.refresh', { repositoryId: opened.id });
    refreshed.push((await time(refresh))[0]);
  }
  const kilobytes = Buffer.byteLength(JSON.stringify(opened)) / 1000;
  return [
    buildSingle({ what: `${what}: opened for the first time`, unit: 'ms', value: first }),
    buildMedian({ what: `${what}: asked for again`, unit: 'ms', samples: again }),
    buildMedian({ what: `${what}: tags read anew`, unit: 'ms', samples: refreshed }),
    buildSingle({ what: `${what}: sent to a window at each change`, unit: 'KB', value: kilobytes }),
  ];
}

async function time<T>(run: () => Promise<T>): Promise<readonly [number, T]> {
  const begun = performance.now();
  const result = await run();
  return [performance.now() - begun, result];
}

const procedure = `apiVersion: slipway.dev/v1
kind: Procedure
name: shop
releases: {tags: 'v*', images: {web: 'example/shop:{version}'}}
components:
  web:
    workload: deployment/shop
    methods: {helm: {release: shop, chart: ./charts/shop, timeout: 5m}}
environments:
  development: {cluster: {namespace: shop-development}}
  staging: {after: development, cluster: {namespace: shop-staging}}
  production: {after: staging, cluster: {namespace: shop}}
`;

/** One commit and one annotated tag for each release, in one go. */
async function createRepository(folder: string, releases: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  await runCommand('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder });
  const child = spawn('git', ['fast-import', '--quiet'], {
    cwd: folder,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = once(child, 'exit');
  child.stdin.end(buildImport(releases));
  await ended;
  await runCommand('git', ['reset', '--quiet', '--hard'], { cwd: folder });
  return folder;
}

function buildImport(releases: number): string {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const parts: string[] = [];
  for (let index = 0; index < releases; index += 1) {
    const who = `Sam Stranger <sam@shop.example> ${1_700_000_000 + index * 3600} +0000`;
    const version = `v${Math.floor(index / 100)}.${index % 100}.0`;
    parts.push(
      `commit refs/heads/main\nmark :${index + 1}\ncommitter ${who}\n${data(`Make ${version}`)}`,
      ...(index === 0 ? [`M 644 inline slipway.yaml\n${data(procedure)}`] : []),
      `tag ${version}\nfrom :${index + 1}\ntagger ${who}\n${data(`${version}: what people asked for`)}`,
    );
  }
  return parts.join('');
}
