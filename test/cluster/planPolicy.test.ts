import assert from 'node:assert/strict';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErrorCode, SlipwayError } from '../../daemon/protocol/errors.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import { start } from '../../sandbox/promoteOnce.ts';
import { runCommand } from '../../sandbox/runCommand.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** A matcher for `assert.rejects`. */
function refused(code: ErrorCode, pattern: RegExp) {
  return (error: unknown) =>
    error instanceof SlipwayError && error.code === code && pattern.test(error.message);
}

describe('the policy that a plan obeys', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('policy');
    await bed.open();
  });
  after(async () => bed?.dispose());

  const procedureFile = () => join(bed.repositoryFolder, 'slipway.yaml');
  const order = (plan: Plan) => plan.gates.find(({ kind }) => kind === 'order')?.state;
  const startNow = (plan: Plan) =>
    bed.client.request('promotion.start', {
      planId: plan.id,
      planDigest: plan.digest,
      confirmation: plan.target.environment,
    });
  const reopen = () => bed.client.request('repository.open', { folder: bed.repositoryFolder });

  /** Changes slipway.yaml on the origin's main as a colleague would: from another clone, unknown to this one. */
  async function changeElsewhere(change: (text: string) => string): Promise<void> {
    const folder = join(bed.folder, `colleague-${process.hrtime.bigint()}`);
    await runCommand('git', ['clone', '--quiet', `${bed.repositoryFolder}.git`, folder]);
    const file = join(folder, 'slipway.yaml');
    await writeFile(file, change(await readFile(file, 'utf8')));
    const author = ['-c', 'user.name=Dana Dietz', '-c', 'user.email=dana@kosmos.example'];
    await runCommand('git', [...author, 'commit', '--quiet', '--all', '--message', 'Change the policy'], {
      cwd: folder,
    });
    await runCommand('git', ['push', '--quiet', 'origin', 'main'], { cwd: folder });
  }

  it('L-11f is not touched by a gate that the promoter deletes in his working tree', async () => {
    const before = await bed.plan('staging', 'v2.1.0');
    const text = await readFile(procedureFile(), 'utf8');
    await writeFile(procedureFile(), text.replace('    after: development\n', ''));
    try {
      const after = await bed.plan('staging', 'v2.1.0');
      assert.equal(after.policy.hash, before.policy.hash);
      assert.equal(after.policy.from, 'origin/main');
      assert.equal(order(after), 'hold');
      await assert.rejects(startNow(after), refused('gateHolds', /development/));
    } finally {
      await writeFile(procedureFile(), text);
    }
  });

  it('L-11f is not touched by a gate that is deleted on a branch, or on a main that was not pushed', async () => {
    const text = await readFile(procedureFile(), 'utf8');
    await bed.git('checkout', '--quiet', '-b', 'feature');
    await writeFile(procedureFile(), text.replace('    after: development\n', ''));
    await bed.git('commit', '--quiet', '--all', '--message', 'Hurry');
    await bed.git('push', '--quiet', 'origin', 'feature');
    assert.equal(order(await bed.plan('staging', 'v2.1.0')), 'hold');
    await bed.git('checkout', '--quiet', 'main');
    await bed.git('merge', '--quiet', 'feature');
    assert.equal(order(await bed.plan('staging', 'v2.1.0')), 'hold');
    await bed.git('reset', '--quiet', '--hard', 'origin/main');
  });

  it("L-11f makes a plan void when a colleague has changed it on the remote's main, and says so by name", async () => {
    const plan = await bed.plan('development', 'v2.1.0');
    await changeElsewhere(text => text.replace('data: synthetic', 'data: synthetic\n    soak: 1h'));
    await assert.rejects(startNow(plan), refused('planStale', /the policy of development in origin\/main/));
    const again = await bed.plan('development', 'v2.1.0');
    assert.notEqual(again.policy.hash, plan.policy.hash);
    assert.notEqual(again.digest, plan.digest);
    assert.equal(again.gates.find(({ kind }) => kind === 'soak')?.state, 'unknown');
  });

  it('L-11f makes a plan void when its commands are others now, and says so by name', async () => {
    const plan = await bed.plan('development', 'v2.1.0');
    await changeElsewhere(text => text.replace('timeout: 10m', 'timeout: 9m').replace('    soak: 1h\n', ''));
    await assert.rejects(startNow(plan), refused('planStale', /the components in origin\/main/));
  });

  it('L-11i lets nobody plan for a repository that nobody has trusted', async () => {
    const folder = join(bed.folder, 'stranger');
    await runCommand('git', ['clone', '--quiet', `${bed.repositoryFolder}.git`, folder]);
    const stranger = await bed.client.request('repository.open', { folder });
    assert.equal(stranger.trust.state, 'untrusted');
    await assert.rejects(
      bed.client.request('promotion.plan', {
        repositoryId: stranger.id,
        environment: 'development',
        kind: 'regular',
        release: 'v2.1.0',
      }),
      refused('notTrusted', /nobody has said so yet/),
    );
  });

  it('L-11i asks again when the list of commands has changed on main, and tells what is new', async () => {
    const plan = await bed.plan('development', 'v2.1.0');
    const fetch = ['./scripts/fetch-reports.sh', '{commit}'];
    await changeElsewhere(text =>
      text.replace(
        "  tags: 'v*'\n",
        `  tags: 'v*'\n  reports: {fetch: ${JSON.stringify(fetch)}, into: reports}\n`,
      ),
    );
    await assert.rejects(startNow(plan), refused('notTrusted', /commands have changed/));
    await assert.rejects(bed.plan('development', 'v2.1.0'), refused('notTrusted', /commands have changed/));
    const { id: repositoryId, trust } = await reopen();
    assert.equal(trust.state, 'changed');
    assert.deepEqual(trust.added, [fetch]);
    const { commandsDigest } = trust;
    await bed.client.request('repository.trust', { repositoryId, commandsDigest });
    assert.equal((await bed.plan('development', 'v2.1.0')).release.version, 'v2.1.0');
  });

  it('L-11f goes on by what was fetched last, and says so, while the remote cannot be reached', async () => {
    const origin = `${bed.repositoryFolder}.git`;
    await rename(origin, `${origin}.away`);
    try {
      const plan = await bed.plan('development', 'v2.1.0');
      assert.match(plan.warnings.join('\n'), /origin could not be asked: .*are as they were fetched last\./);
      const promotion = await start(bed.client, plan);
      assert.equal(promotion.state, 'succeeded', promotion.reason);
    } finally {
      await rename(`${origin}.away`, origin);
    }
  });

  it('L-12c tells a dirty tree and a detached head', async () => {
    assert.deepEqual((await reopen()).notices, []);
    await writeFile(join(bed.repositoryFolder, 'notes.txt'), 'Not committed.\n');
    await bed.git('checkout', '--quiet', '--detach');
    await bed.client.request('release.refresh', { repositoryId: bed.repository.id });
    const { head, notices } = await reopen();
    assert.deepEqual([head.detached, head.dirty], [true, true]);
    assert.match(notices.join('\n'), /HEAD is detached/);
    assert.match(notices.join('\n'), /changes that are in no release/);
    await bed.git('checkout', '--quiet', 'main');
    await bed.git('clean', '--quiet', '--force');
  });

  it('L-12d holds a release whose tag was moved on the remote until somebody accepts it', async () => {
    const plan = await bed.plan('development', 'v2.1.0');
    const [from, to] = [plan.release.commit, (await bed.git('rev-parse', 'v2.1.1^{commit}')).trim()];
    await bed.git('tag', '--force', '--annotate', '--message', 'Again', 'v2.1.0', to);
    await bed.git('push', '--quiet', '--force', 'origin', 'v2.1.0');
    await assert.rejects(startNow(plan), refused('movedTag', /v2\.1\.0 was moved/));
    await assert.rejects(bed.plan('development', 'v2.1.0'), refused('movedTag', /v2\.1\.0 was moved/));
    const view = await reopen();
    const moved = view.releases.find(({ version }) => version === 'v2.1.0');
    assert.deepEqual([moved?.movedFrom, moved?.commit], [from, to]);
    assert.match(view.notices.join('\n'), /The tag v2\.1\.0 was moved/);
    await bed.client.request('release.acceptMovedTag', {
      repositoryId: view.id,
      version: 'v2.1.0',
      commit: to,
    });
    assert.equal((await bed.plan('development', 'v2.1.0')).release.commit, to);
  });
});
