import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureEditor } from './editor/editor.ts';
import { openEditor } from './editor/openEditor.ts';
import { ensureTools } from './ensureTools.ts';
import { buildTimeline, openRepository, promote, tickChecks } from './promoteOnce.ts';
import { runCommand } from './runCommand.ts';
import { createSampleRepository } from './sampleRepository.ts';
import { buildSandboxEnvironment, startSandboxDaemon, stopSandboxDaemon } from './sandboxDaemon.ts';
import { type Sandbox, startCluster } from './startCluster.ts';
import { stopSignal } from './stopSignal.ts';

/**
 * `npm start`: a real cluster, the sample repository and the editor in the browser, until Ctrl-C.
 * `--once`: the same without an editor; promotes v2.1.0 to every environment, prints the timeline and ends.
 * `--fresh`: throws away what earlier starts left. `--desktop`: the desktop `code` instead of the browser.
 */
const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    desktop: { type: 'boolean', default: false },
    state: { type: 'string' },
  },
});

const { signal, stopped } = stopSignal();
const begun = performance.now();
const stateHome = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
// A smoke test shares nothing with the sandbox that a person uses at the same time.
const state =
  values.state ??
  (values.once ? await mkdtemp(join(tmpdir(), 'slipway-once-')) : join(stateHome, 'slipway-sandbox'));
const home = join(state, 'slipway');
let cluster: Sandbox | undefined;

try {
  await bringUp();
} catch (error) {
  process.exitCode = 1;
  say(
    signal.aborted
      ? 'Stopped before it was up.'
      : `It failed: ${error instanceof Error ? error.message : error}`,
  );
} finally {
  await stopSandboxDaemon(home).catch(error => say(String(error)));
  await cluster?.stop();
  if (values.once && values.state === undefined) {
    await rm(state, { recursive: true, force: true });
  }
  say('Everything has been stopped.');
}

async function bringUp(): Promise<void> {
  const tools = await ensureTools({ onProgress: say, signal });
  const editor = values.once || values.desktop ? undefined : await ensureEditor({ onProgress: say, signal });
  say('Building the extension and the daemon');
  await runCommand(process.execPath, ['build.mjs'], { cwd: join(import.meta.dirname, '..') });
  cluster = await startCluster({
    stateDir: join(state, 'cluster'),
    onProgress: say,
    signal,
    ...(values.fresh ? { fresh: true } : {}),
  });
  if (values.fresh) {
    await stopSandboxDaemon(home);
    for (const leftover of ['kosmos', 'kosmos.git', 'slipway', 'editor']) {
      await rm(join(state, leftover), { recursive: true, force: true });
    }
  }
  const sample = await createSampleRepository({
    into: join(state, 'kosmos'),
    clusterId: cluster.clusterId,
    onProgress: say,
  });
  const options = { home, kubeconfig: cluster.kubeconfigPath('alice'), toolFolder: tools.binDirectory };
  if (values.once) {
    await promoteThrough(options, sample.directory);
    return;
  }
  const opened = await openEditor({
    ...(editor ? { editor } : {}),
    folder: sample.directory,
    stateDir: join(state, 'editor'),
    env: buildSandboxEnvironment(options),
    onProgress: say,
  });
  console.log(`\n  Slipway is at  ${opened.address}\n`);
  console.log(
    '  Open the ship in the activity bar, trust the repository, connect its environments, and promote v2.1.0.',
  );
  console.log(
    `  You are alice. Ctrl-C ends everything; the state stays in ${state} (npm start -- --fresh begins anew).\n`,
  );
  await Promise.race([stopped, opened.ended]);
  say('Stopping');
  await opened.stop();
}

async function promoteThrough(
  options: Parameters<typeof startSandboxDaemon>[0],
  folder: string,
): Promise<void> {
  const { client } = await startSandboxDaemon(options);
  try {
    await client.request('session.subscribe', { since: 0 });
    const repository = await openRepository(client, folder, environment => `kosmos-${environment}`);
    for (const { name: environment } of repository.environments) {
      const place = { repositoryId: repository.id, environment, release: 'v2.1.0' };
      for (const check of await tickChecks(client, place)) {
        say(`Ticked for ${environment}: ${check}`);
      }
      say(`Promoting v2.1.0 to ${environment}`);
      const promotion = await promote(client, place, plan => {
        for (const step of plan.steps.filter(candidate => candidate.command)) {
          console.log(
            `          ${step.command?.tool} ${step.command?.args.map(argument => argument.text).join(' ')}`,
          );
        }
      });
      const { events } = await client.request('journal.read', {
        since: 0,
        limit: 1000,
        promotionId: promotion.id,
      });
      console.log(buildTimeline(events).join('\n'));
      if (promotion.state !== 'succeeded') {
        throw new Error(`v2.1.0 did not reach ${environment}: ${promotion.reason ?? promotion.state}`);
      }
    }
    const after = await client.request('repository.open', { folder });
    const wrong = after.environments.filter(({ running }) => running[0]?.version !== 'v2.1.0');
    if (wrong.length > 0) {
      throw new Error(`v2.1.0 does not run in ${wrong.map(({ name }) => name).join(', ')}`);
    }
    const verified = await client.request('journal.verify', {});
    console.log(verified.message);
    if (!verified.ok) {
      throw new Error('the journal does not verify');
    }
  } finally {
    client.close();
  }
}

function say(message: string): void {
  const seconds = (performance.now() - begun) / 1000;
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${message}`);
}
