import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectDaemon } from '../../daemon/client/connectDaemon.ts';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import { findDaemon } from '../../daemon/client/findDaemon.ts';
import type { ChecklistView, CheckView } from '../../daemon/protocol/checklist.ts';
import { type ErrorCode, SlipwayError } from '../../daemon/protocol/errors.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import { promote, rollBack, start, tickChecks } from '../../sandbox/promoteOnce.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

const release = 'v2.1.0';

/** A matcher for `assert.rejects`. */
function refused(code: ErrorCode, pattern: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof SlipwayError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, pattern);
    return true;
  };
}

describe('a checklist before a promotion', function () {
  this.timeout(180_000);
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('checks');
    // Development asks for the checklist here, so that nothing but it can hold.
    await bed.changeProcedure(text =>
      text.replace('data: synthetic', 'data: synthetic\n    checklist: pre-deployment'),
    );
    await bed.open();
  });
  after(async () => bed?.dispose());

  const place = (environment = 'development') => ({
    repositoryId: bed.repository.id,
    environment,
    release,
  });
  const read = (environment?: string, client = bed.client) =>
    client.request('checklist.read', place(environment));
  const checksOf = ({ checklist }: ChecklistView): readonly CheckView[] => checklist?.checks ?? [];
  const find = (view: ChecklistView, text: string): CheckView => {
    const check = checksOf(view).find(candidate => candidate.text.startsWith(text));
    assert.ok(check, text);
    return check;
  };
  const tick = ({ id: checkId, digest }: CheckView, note?: string, client = bed.client) => {
    assert.ok(digest);
    return client.request('checklist.tick', {
      ...place(),
      checkId,
      digest,
      ...(note === undefined ? {} : { note }),
    });
  };
  const untick = ({ id: checkId, digest }: CheckView) => {
    assert.ok(digest);
    return bed.client.request('checklist.untick', { ...place(), checkId, digest });
  };
  const startNow = (plan: Plan) =>
    bed.client.request('promotion.start', {
      planId: plan.id,
      planDigest: plan.digest,
      confirmation: plan.target.environment,
    });
  const connectAgain = async (): Promise<DaemonClient> => {
    const found = findDaemon(bed.home);
    assert.ok(found.state === 'found');
    return (await connectDaemon(found.discovery, { name: 'other-window', version: '0.1.0' })).client;
  };

  it('P-01a gives the digests without the cluster, and the plan that is made with it has the same', async () => {
    for (const environment of ['development', 'staging', 'production'] as const) {
      const { digests, commit } = await read(environment);
      const plan = await bed.plan(environment, release);
      assert.equal(digests.plan?.digest, plan.digest);
      assert.equal(digests.release.digest, plan.release.digest);
      assert.equal(commit, plan.release.commit);
    }
    const { digests } = await read();
    assert.deepEqual([...new Set(digests.plan?.parts.map(({ part }) => part))].sort(), [
      'arguments',
      'chart',
      'cluster',
      'commit',
      'components',
      'image',
      'method',
      'namespace',
      'policy',
      'set',
      'values',
    ]);
  });

  it('P-01a P-01e takes the cluster that a person connected where slipway.yaml names none, and asks to connect before', async () => {
    const own = await PromotionBed.create('noid');
    try {
      await own.changeProcedure(text =>
        text.replace(/id: [0-9a-f-]{36}, namespace: noid-prd/, 'namespace: noid-prd'),
      );
      const client = await own.start();
      const opened = await client.request('repository.open', { folder: own.repositoryFolder });
      const where = { repositoryId: opened.id, environment: 'production', release };
      const before = await client.request('checklist.read', where);
      assert.equal(before.digests.plan, undefined);
      const approved = find(before, 'Change request');
      assert.deepEqual(
        [approved.state, approved.digest, approved.next],
        ['unknown', undefined, 'Connect production first.'],
      );
      await own.openRepository();
      const after = await client.request('checklist.read', where);
      assert.equal(after.digests.plan?.digest, (await own.plan('production', release)).digest);
      assert.equal(find(after, 'Change request').state, 'hold');
    } finally {
      await own.dispose();
    }
  });

  it('P-02b P-02f ticks by the named person with time and note, and tells every window at once', async () => {
    const other = await connectAgain();
    const told: number[] = [];
    other.onNotification('checklist.changed', ({ repositoryId, sequence }) => {
      assert.equal(repositoryId, bed.repository.id);
      told.push(sequence);
    });
    await other.request('repository.open', { folder: bed.repositoryFolder });
    const { person } = await read();
    const view = await tick(find(await read(), 'Change request'), 'CHG-4711\n approved');
    const done = find(view, 'Change request');
    assert.equal(done.state, 'pass');
    assert.equal(done.tick?.person, person);
    assert.equal(done.tick?.note, 'CHG-4711 approved');
    assert.ok(Math.abs(Date.parse(done.tick?.at ?? '') - Date.now()) < 60_000);
    await waitFor('the other window to hear of it', async () => told.length === 1, { limitMs: 5_000 });
    assert.deepEqual(find(await read('development', other), 'Change request'), done);
    // A second time says nothing new; a note does.
    await tick(done);
    assert.equal(find(await tick(done, 'CHG-4712'), 'Change request').tick?.note, 'CHG-4712');
    await waitFor('the other window to hear of the note', async () => told.length === 2, { limitMs: 5_000 });
    await untick(done);
    assert.equal(find(await read(), 'Change request').state, 'hold');
    await waitFor('the other window to hear that it was taken back', async () => told.length === 3, {
      limitMs: 5_000,
    });
    other.close();
  });

  it('P-03a P-03b does not let a hand-written client start past an open check', async () => {
    const plan = await bed.plan('development', release);
    assert.equal(plan.gates.find(({ kind }) => kind === 'checklist')?.state, 'hold');
    await assert.rejects(startNow(plan), refused('gateHolds', /8 of 8 checks are open/));
    // The ticks come after the plan, and one goes again before the start: what counts is the instant of starting.
    await tickChecks(bed.client, place());
    await untick(find(await read(), 'Stakeholders'));
    await assert.rejects(
      startNow(plan),
      refused('gateHolds', /1 of 8 checks is open\. "Stakeholders notified"/),
    );
    assert.deepEqual(await bed.history('development'), []);
  });

  it('P-03d refuses forged ticks: another digest, another check, a made-up person, words that say more', async () => {
    const check = find(await read(), 'Stakeholders');
    const { digest } = check;
    assert.ok(digest);
    const request = (values: object) =>
      bed.client.request('checklist.tick', { ...place(), checkId: check.id, digest, ...values });
    const wrong = `v1:${'0'.repeat(64)}` as const;
    await assert.rejects(request({ digest: wrong }), refused('checkStale', /not what you saw/));
    const { digests } = await read();
    await assert.rejects(request({ digest: digests.release.digest }), refused('checkStale', /Stakeholders/));
    await assert.rejects(
      request({ checkId: 'c-0000000000000000' }),
      refused('unknownCheck', /no such check/),
    );
    await assert.rejects(request({ environment: 'staging' }), refused('unknownCheck', /staging/));
    // Who acts is the daemon's to say: whatever a client calls itself is not read.
    const view = await request({ person: 'dana', role: 'dev-lead', at: '2020-01-01T00:00:00.000Z' });
    const done = find(view, 'Stakeholders');
    assert.equal(done.tick?.person, view.person);
    assert.notEqual(done.tick?.person, 'dana');
    await untick(done);
  });

  it('P-03d refuses who is not in the role', async () => {
    await bed.changeProcedure(text => text.replace(/dev-lead: \[dana, "[^"]+"\]/, 'dev-lead: [dana]'));
    await bed.client.request('release.refresh', { repositoryId: bed.repository.id });
    const check = find(await read(), 'Backup');
    assert.equal(check.mine, false);
    assert.equal(check.who, 'dev-lead (dana)');
    await assert.rejects(tick(check), refused('notInRole', /is for dev-lead \(dana\), and you are/));
    await bed.git('revert', '--no-edit', 'HEAD');
    await bed.git('push', '--quiet', 'origin', 'main');
    await bed.client.request('release.refresh', { repositoryId: bed.repository.id });
    assert.equal(find(await read(), 'Backup').mine, true);
  });

  it('P-02c voids the ticks of a plan when set: changes on main, says so, keeps the ticks of the release, and refuses what was seen before', async () => {
    await tickChecks(bed.client, place());
    const before = await read();
    assert.ok(checksOf(before).every(({ state }) => state === 'pass'));
    await bed.changeProcedure(text =>
      text.replace("set: {image.tag: '{version}'}", "set: {image.tag: '{version}', replicas: 4}"),
    );
    await bed.client.request('release.refresh', { repositoryId: bed.repository.id });
    const after = await read();
    const open = checksOf(after).filter(({ state }) => state !== 'pass');
    assert.deepEqual(
      checksOf(after).map(({ scope, state }) => [scope === 'release', state]),
      checksOf(after).map(({ scope }) => [scope === 'release', scope === 'release' ? 'pass' : 'hold']),
    );
    assert.ok(open.length > 0);
    for (const { voided, reason } of open) {
      assert.equal(voided?.why, 'since then this changed: set: replicas of agent, which is new (4)');
      assert.match(reason, /is void/);
    }
    await assert.rejects(
      tick(find(before, 'Change request')),
      refused('checkStale', /since you saw it, this has changed: set: replicas of agent, which is new \(4\)/),
    );
    await bed.git('revert', '--no-edit', 'HEAD');
    await bed.git('push', '--quiet', 'origin', 'main');
    await bed.client.request('release.refresh', { repositoryId: bed.repository.id });
    assert.ok(checksOf(await read()).every(({ state }) => state === 'pass'));
  });

  it('P-01c P-02c keeps every tick when a link is added to slipway.yaml', async () => {
    await bed.changeProcedure(
      text => `${text}links: {dashboard: 'https://grafana.kosmos.example/d/deployments'}\n`,
    );
    await bed.client.request('release.refresh', { repositoryId: bed.repository.id });
    assert.ok(checksOf(await read()).every(({ state }) => state === 'pass'));
  });

  it('P-02b P-03a keeps the ticks when the daemon is killed, and starts once all are there', async () => {
    const ticks = checksOf(await read()).map(({ tick: kept }) => kept);
    await bed.kill();
    await bed.open();
    assert.deepEqual(
      checksOf(await read()).map(({ tick: kept }) => kept),
      ticks,
    );
    const plan = await bed.plan('development', release);
    assert.equal(plan.gates.find(({ kind }) => kind === 'checklist')?.state, 'pass');
    const promotion = await start(bed.client, plan);
    assert.equal(promotion.state, 'succeeded', promotion.reason);
    assert.equal(promotion.gates.find(({ kind }) => kind === 'checklist')?.state, 'pass');
  });

  it('P-02c asks anew for what was good for that promotion alone', async () => {
    const open = checksOf(await read()).filter(({ state }) => state !== 'pass');
    assert.deepEqual(
      open.map(({ text }) => text),
      ['Stakeholders notified'],
    );
    assert.match(open[0]?.voided?.why ?? '', /good for one promotion/);
  });

  it('P-03c lets a rollback through while every check is open', async () => {
    await tickChecks(bed.client, { ...place(), release: 'v2.1.1' });
    const forward = await promote(bed.client, { ...place(), release: 'v2.1.1' });
    assert.equal(forward.state, 'succeeded', forward.reason);
    for (const check of checksOf(await read())) {
      if (check.state === 'pass') {
        await untick(check);
      }
    }
    const back = await rollBack(bed.client, place());
    assert.equal(back.state, 'succeeded', back.reason);
    assert.equal(await bed.readImage('development'), `kosmos/agent:${release}`);
  });

  it('P-03a reads who may tick from the policy that governs, not from the working tree', async () => {
    const file = join(bed.repositoryFolder, 'slipway.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('    checklist: pre-deployment\n', ''));
    try {
      await bed.client.request('release.refresh', { repositoryId: bed.repository.id });
      assert.equal(checksOf(await read()).length, 8);
      const plan = await bed.plan('development', release);
      await assert.rejects(startNow(plan), refused('gateHolds', /8 of 8 checks are open/));
    } finally {
      await writeFile(file, text);
    }
  });

  it('P-02b lets ticks be seen by whoever reads the journal', async () => {
    const { events } = await bed.client.request('journal.read', { since: 0, limit: 5000 });
    const types = new Set(events.map(({ type }) => type));
    assert.ok(types.has('check.ticked') && types.has('check.unticked'));
    const verified = await bed.client.request('journal.verify', {});
    assert.ok(verified.ok, verified.message);
  });
});
