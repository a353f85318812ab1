import assert from 'node:assert/strict';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { ReleaseStore } from '../../extension/state/releaseStore.ts';
import {
  aCause,
  anEnvironment,
  aPod,
  aPromotion,
  aRelease,
  aRepository,
  aRunning,
  aWorkload,
} from '../builders/views.ts';
import type { TreeRow } from '../journeys/releasesView.ts';
import { send } from './bridgeClient.ts';
import { openExtension, waitForState, waitUntil } from './extensionUnderTest.ts';

const folder = '/somewhere/kosmos';

/** Shows a made-up repository in the place of the opened one, so that each state can be looked at. */
function show(store: ReleaseStore, repository: RepositoryView): void {
  store.apply({ type: 'foldersChanged', folders: [folder] });
  store.apply({ type: 'folderOpened', folder, repository });
}

async function readRows(): Promise<readonly TreeRow[]> {
  return (await send('look/releases', '')) as readonly TreeRow[];
}

/** Waits until the window shows a row with this label and description. */
async function waitForRow(label: string, description: string): Promise<TreeRow> {
  return waitUntil(async () => {
    const rows = await readRows();
    const row = rows.find(candidate => candidate.label === label && candidate.description === description);
    assert.ok(
      row,
      `no row "${label}", "${description}" among ${JSON.stringify(rows.map(r => [r.label, r.description]))}`,
    );
    return row;
  });
}

describe('the Releases view in the window', () => {
  let store: ReleaseStore;

  before(async () => {
    ({ store } = await openExtension());
    await waitForState('the daemon', ({ daemon }) => daemon.state === 'connected');
  });

  it('says what to do while no environment is connected', async () => {
    const environments = [anEnvironment({ connection: { state: 'notConnected' }, running: [] })];
    show(store, aRepository({ folder, environments }));
    const welcome = await waitUntil(async () => {
      const text = String(await send('look/welcome', ''));
      assert.match(text, /has not contacted any cluster/);
      return text;
    });
    assert.match(welcome, /Connect Environments/);
    await send('look/screenshot', 'welcome-not-connected');
  });

  it('shows environments and releases as the store has them', async () => {
    show(store, aRepository({ folder }));
    const row = await waitForRow(
      'staging',
      `v2.0.0 \u00b7 healthy since ${localTime('2026-11-23T14:02:00.000Z')}`,
    );
    assert.match(row.spoken, /^Environment staging, v2\.0\.0, healthy since/);
    assert.match(row.icon, /codicon-pass/);
    await waitForRow('v2.1.0', '');
  });

  it('L-13e shows a change of one environment without a refresh', async () => {
    show(store, aRepository({ folder }));
    store.apply({
      type: 'environmentChanged',
      repositoryId: 'repository',
      environment: anEnvironment({ running: [aRunning({ version: 'v2.1.0' })] }),
    });
    await waitForRow('staging', `v2.1.0 \u00b7 healthy since ${localTime('2026-11-23T14:02:00.000Z')}`);
  });

  it('L-16b shows the cause below the step that runs', async () => {
    const pods = [
      aPod(),
      aPod({ uid: 'pod-2', name: 'agent-name-7f8-zzzzz', ready: false, failure: 'CrashLoopBackOff' }),
    ];
    const environment = anEnvironment({
      health: 'fail',
      causes: [aCause()],
      workloads: [aWorkload({ pods, updated: 1, ready: 3, available: 3, health: 'fail' })],
    });
    const production = anEnvironment({
      name: 'production',
      connection: { state: 'notConnected' },
      running: [],
    });
    const releases = [
      aRelease(),
      aRelease({ version: 'v2.0.0', reach: [{ environment: 'staging', state: 'running' }] }),
    ];
    show(
      store,
      aRepository({ folder, environments: [environment, production], releases, promotions: [aPromotion()] }),
    );
    const rows = await waitUntil(async () => {
      const found = await readRows();
      assert.ok(found.some(row => row.label === 'CrashLoopBackOff'));
      return found;
    });
    const step = rows.findIndex(row => row.label === 'helm upgrade kosmos');
    const cause = rows.findIndex(row => row.label === 'CrashLoopBackOff');
    assert.ok(step >= 0 && cause > step, JSON.stringify(rows.map(row => row.label)));
    assert.equal(rows[cause]?.level, (rows[step]?.level ?? 0) + 1);
    assert.ok(rows.some(row => row.label === 'FATAL cannot read /etc/agent/config.yaml'));
    await send('look/screenshot', 'promotion-with-cause');
  });

  it('shows in the status bar how far a promotion is', async () => {
    await waitUntil(async () => {
      assert.match(String(await send('look/status', '')), /Slipway: v2\.1\.0 \u2192 staging, 1 of 3 ready/);
    });
  });

  it('P-02a tells the checklist what is clicked, though rows are replaced at that moment', async function () {
    this.timeout(120_000);
    const { checklist } = await openExtension();
    const environments = [anEnvironment(), anEnvironment({ name: 'production', after: 'staging' })];
    const another = anEnvironment({ name: 'canary', after: 'production' });
    show(store, aRepository({ folder, environments }));
    await waitForRow('production', `v2.0.0 \u00b7 healthy since ${localTime('2026-11-23T14:02:00.000Z')}`);
    // With another row beside them, every environment's row is given anew.
    let isThere = false;
    const changes = setInterval(() => {
      isThere = !isThere;
      show(store, aRepository({ folder, environments: isThere ? [...environments, another] : environments }));
    }, 260);
    try {
      for (let click = 0; click < 40; click += 1) {
        const name = click % 2 === 0 ? 'production' : 'staging';
        await send('look/select', name);
        await waitUntil(async () => assert.equal(checklist.state.subject?.environment, name));
      }
    } finally {
      clearInterval(changes);
    }
  });
});

describe('the Activity view in the window', () => {
  it('shows every promotion, newest first', async () => {
    const { store } = await openExtension();
    const old = aPromotion({
      id: 'old',
      state: 'succeeded',
      requestedAt: '2026-11-22T09:00:00.000Z',
      startedAt: '2026-11-22T09:00:00.000Z',
      endedAt: '2026-11-22T09:00:12.000Z',
    });
    show(store, aRepository({ folder, promotions: [aPromotion(), old] }));
    const rows = await waitUntil(async () => {
      const found = (await send('look/activity', '')) as readonly TreeRow[];
      assert.equal(found.length, 2);
      return found;
    });
    assert.match(rows[0]?.description ?? '', /^running/);
    assert.match(rows[1]?.description ?? '', /^succeeded \u00b7 .* \u00b7 12 s \u00b7 alice$/);
    await send('look/screenshot', 'activity');
  });
});

function localTime(iso: string): string {
  const date = new Date(iso);
  const time = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    date,
  );
  const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
  return day.format(date) === day.format(new Date()) ? time : `${day.format(date)} ${time}`;
}
