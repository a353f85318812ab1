import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTools } from '../../sandbox/ensureTools.ts';
import { runCommand } from '../../sandbox/runCommand.ts';
import { type Sandbox, startCluster } from '../../sandbox/startCluster.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { clusterStartMs } from './sharedCluster.ts';

const partNames = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'];
const quiet = (): void => {};

let folder: string;

describe('The sandbox, over several lives', function () {
  this.timeout(120_000);

  before(async function () {
    // Builds the programs, where this is the first thing that needs them.
    this.timeout(clusterStartMs);
    await ensureTools({ onProgress: quiet });
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-sandbox-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('L-04e keeps its objects, its logs and its address, and is up again in under 20 s', async () => {
    const first = await startCluster({ stateDir: folder, onProgress: quiet });
    let log: string;
    try {
      await kubectl(first, 'create', 'deployment', 'kept', '--image=web:1.0', '-n', 'kosmos');
      await kubectl(first, 'rollout', 'status', 'deployment/kept', '-n', 'kosmos', '--timeout=40s');
      await waitFor('its first line', async () => /listening/.test(await logOf(first)), { limitMs: 20_000 });
      log = await logOf(first);
    } finally {
      await first.stop();
    }

    const started = performance.now();
    const second = await startCluster({ stateDir: folder, onProgress: quiet });
    const seconds = (performance.now() - started) / 1000;
    try {
      assert.ok(seconds < 20, `the second start took ${seconds} s`);
      assert.deepEqual([second.server, second.clusterId], [first.server, first.clusterId]);
      await kubectl(second, 'rollout', 'status', 'deployment/kept', '-n', 'kosmos', '--timeout=40s');
      assert.ok((await logOf(second)).startsWith(log), 'the log goes on where it was');
      await waitFor('the container to say more', async () => (await logOf(second)).length > log.length, {
        limitMs: 20_000,
      });
    } finally {
      await second.stop();
    }
  });

  it('L-04e begins anew when asked to', async () => {
    const first = await startCluster({ stateDir: folder, onProgress: quiet });
    await first.stop();
    const second = await startCluster({ stateDir: folder, onProgress: quiet, fresh: true });
    try {
      assert.notEqual(second.clusterId, first.clusterId);
    } finally {
      await second.stop();
    }
  });

  it('L-04e leaves no process behind when it is stopped, and refuses a second owner while it runs', async () => {
    const sandbox = await startCluster({ stateDir: folder, onProgress: quiet });
    const pids = partNames.map(name => sandbox.pid(name));
    try {
      await assert.rejects(
        startCluster({ stateDir: folder, onProgress: quiet }),
        new RegExp(`already running on .* \\(pid ${process.pid}\\)`),
      );
    } finally {
      await sandbox.stop();
    }
    assert.deepEqual(pids.filter(isAlive), []);
  });

  it('L-04e ends all its parts at Ctrl-C', async () => {
    const { owner, pids } = await startInAnotherProcess();
    owner.kill('SIGINT');
    const [code] = (await once(owner, 'exit')) as [number | null];
    assert.equal(code, 0);
    assert.deepEqual(pids.filter(isAlive), []);
  });

  it('L-04e ends all its parts when its owner is killed without a word, and starts again', async () => {
    const { owner, pids } = await startInAnotherProcess();
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await waitFor('all parts to be gone', async () => !pids.some(isAlive), { limitMs: 40_000 });
    const again = await startCluster({ stateDir: folder, onProgress: quiet });
    await again.stop();
  });

  it('L-04e ends what an earlier owner left running', async () => {
    // A process that the folder's own list names, as after a crash of the owner and of the guard.
    const leftover = spawn('sleep', ['300'], { stdio: 'ignore' });
    const gone = once(leftover, 'exit');
    const started = (await readFile(`/proc/${leftover.pid}/stat`, 'utf8'))
      .split(')')
      .at(-1)
      ?.trim()
      .split(' ')[19];
    const stranger = spawn('sleep', ['300'], { stdio: 'ignore' });
    await writeFile(
      join(folder, 'processes.1'),
      `${leftover.pid} ${started} kube-apiserver\n${stranger.pid} 1 etcd\n`,
    );
    const messages: string[] = [];
    const sandbox = await startCluster({ stateDir: folder, onProgress: message => messages.push(message) });
    try {
      await gone;
      assert.ok(
        messages.includes('Stopped what an earlier start left running: kube-apiserver'),
        messages.join('\n'),
      );
      assert.equal(stranger.exitCode ?? stranger.signalCode, null, 'a reused pid is left alone');
    } finally {
      stranger.kill();
      await sandbox.stop();
    }
  });

  it('L-04e serves again on the same address after its API server was away', async () => {
    const sandbox = await startCluster({ stateDir: folder, onProgress: quiet });
    try {
      await sandbox.stopApiServer();
      await assert.rejects(kubectl(sandbox, 'get', 'namespace', 'kosmos'), /refused/);
      await sandbox.startApiServer();
      await kubectl(sandbox, 'create', 'deployment', 'kept', '--image=web:1.0', '-n', 'kosmos');
      await kubectl(sandbox, 'rollout', 'status', 'deployment/kept', '-n', 'kosmos', '--timeout=60s');
      await waitFor(
        'logs of a pod made after the break',
        async () => /listening/.test(await logOf(sandbox)),
        {
          limitMs: 20_000,
        },
      );
    } finally {
      await sandbox.stop();
    }
  });

  it('L-04e builds its programs once when two start at once', async () => {
    const log = join(folder, 'builds');
    const both = await Promise.all([ensureOnce(log, 1_500), ensureOnce(log, 1_500)]);
    assert.equal(both[0], both[1]);
    assert.equal(await readFile(both[0], 'utf8'), 'built');
    assert.equal((await readLines(log)).length, 1, 'one of the two built');
    assert.deepEqual(
      (await readdir(join(folder, 'cache'))).filter(name => name.includes('unfinished')),
      [],
    );
  });

  it('L-04e builds its programs anew after a build was killed', async () => {
    const log = join(folder, 'builds');
    const killed = spawnEnsure(log, 600_000);
    await waitFor('the first build to begin', async () => (await readLines(log)).length === 1, {
      limitMs: 20_000,
    });
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    assert.equal(await readFile(await ensureOnce(log, 0), 'utf8'), 'built');
    assert.equal((await readLines(log)).length, 2);
    assert.deepEqual(
      (await readdir(join(folder, 'cache'))).filter(name => name.includes('unfinished')),
      [],
    );
  });

  it('L-04e says so when a build fails, and leaves nothing half built', async () => {
    const cache = join(folder, 'cache');
    const build = (): Promise<void> => Promise.reject(new Error('no space left on device'));
    await assert.rejects(ensureTools({ cache, onProgress: quiet, build }), /no space left on device/);
    assert.deepEqual(
      (await readdir(cache)).filter(name => !name.includes('.lock')),
      [],
    );
  });
});

function kubectl(sandbox: Sandbox, ...args: string[]): Promise<string> {
  return runCommand(sandbox.tools.kubectl, args, { env: { KUBECONFIG: sandbox.adminKubeconfig } });
}

function logOf(sandbox: Sandbox): Promise<string> {
  return kubectl(sandbox, 'logs', 'deployment/kept', '-n', 'kosmos', '--limit-bytes=100000');
}

/** Runs `node sandbox/cluster.ts` on the test's folder until it says that it is up. */
async function startInAnotherProcess(): Promise<{ owner: ChildProcess; pids: number[] }> {
  const program = join(import.meta.dirname, '../../sandbox/cluster.ts');
  const owner = spawn(process.execPath, [program, '--state', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  owner.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await waitFor('the cluster to be up', async () => /export KUBECONFIG=/.test(text), { limitMs: 60_000 });
  const parts = await readLines(join(folder, `processes.${owner.pid}`));
  assert.deepEqual(parts.map(line => line.split(' ')[2]).toSorted(), partNames);
  return { owner, pids: parts.map(line => Number(line.split(' ')[0])) };
}

function spawnEnsure(buildLog: string, buildMs: number): ChildProcess {
  const program = join(import.meta.dirname, 'fixtures', 'ensureToolsOnce.ts');
  return spawn(process.execPath, [program, join(folder, 'cache'), buildLog, String(buildMs)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function ensureOnce(buildLog: string, buildMs: number): Promise<string> {
  const child = spawnEnsure(buildLog, buildMs);
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0);
  return text.trim();
}

async function readLines(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').filter(line => line !== '');
}

/** A zombie, which nobody has waited for, is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
