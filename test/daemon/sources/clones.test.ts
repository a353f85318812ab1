import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { readGoverningPolicy } from '../../../daemon/sources/procedure/governingPolicy.ts';
import { checkChart } from '../../../daemon/sources/releases/checkChart.ts';
import { Checkouts } from '../../../daemon/sources/releases/checkouts.ts';
import { resolveCommit } from '../../../daemon/sources/releases/clone.ts';
import { Clones } from '../../../daemon/sources/releases/clones.ts';
import { compareCommits } from '../../../daemon/sources/releases/compare.ts';
import { findRepository } from '../../../daemon/sources/releases/findRepository.ts';
import { listReleases } from '../../../daemon/sources/releases/listReleases.ts';
import { readWorkingTree } from '../../../daemon/sources/releases/workingTree.ts';
import { readState, TestFolder, TestRepository } from './testRepository.ts';

describe("Slipway's own clone", () => {
  let home: TestFolder;
  let clones: Clones;
  let repository: TestRepository;
  beforeEach(() => {
    home = new TestFolder();
    clones = new Clones({
      git: home.git,
      folder: join(home.path, 'state', 'repositories'),
      limits: { localMs: 20_000, originMs: 10_000 },
    });
    repository = new TestRepository(home, 'kosmos');
  });
  afterEach(() => home.dispose());

  const find = () => findRepository(home.git, repository.folder);
  const refresh = async (reach: 'local' | 'origin' = 'origin') => clones.refresh(await find(), reach);

  it('holds what only the local repository has, and what only the origin has', async () => {
    const first = repository.commit('First');
    const origin = repository.addOrigin();
    const colleague = new TestRepository(home, 'colleague');
    colleague.git('pull', '--quiet', origin, 'main');
    const theirs = colleague.commit('Theirs');
    colleague.git('tag', 'v2');
    colleague.git('push', '--quiet', origin, 'main', 'v2');
    const mine = repository.commit('Mine');
    repository.git('tag', 'v1');
    const { clone, origin: found, notices } = await refresh();
    assert.equal(await resolveCommit(clone, 'refs/local/tags/v1'), mine);
    assert.equal(await resolveCommit(clone, 'refs/local/heads/main'), mine);
    assert.equal(await resolveCommit(clone, 'refs/origin/tags/v2'), theirs);
    assert.equal(await resolveCommit(clone, 'refs/origin/heads/main'), theirs);
    assert.equal(await resolveCommit(clone, 'refs/local/remotes/origin/main'), first);
    assert.deepEqual(found, { name: 'origin', address: origin, defaultBranch: 'main' });
    assert.deepEqual(notices, []);
  });

  it("L-12e never writes the user's .git, index, branch or tree, whatever is asked of it", async () => {
    repository.commit('First', { 'slipway.yaml': 'name: x\n', 'charts/kosmos/Chart.yaml': 'name: kosmos\n' });
    repository.git('tag', '-a', 'v1', '-m', 'One');
    repository.addOrigin();
    repository.commit('Second', { 'charts/kosmos/Chart.yaml': 'name: kosmos\nversion: 1.0.0\n' });
    repository.git('tag', 'v2');
    repository.write('untracked.txt', 'x');
    repository.write('README.md', 'changed');
    // An index that git would like to refresh: same content, other times.
    utimesSync(join(repository.folder, 'slipway.yaml'), new Date(), new Date());
    installLoudHooks(join(repository.folder, '.git', 'hooks'));
    const before = readState(repository.folder);

    const found = await find();
    await readWorkingTree(home.git, found);
    const fresh = await refresh();
    await refresh('local');
    await readGoverningPolicy({ clones, repository: found, fresh, reach: 'origin' });
    const { releases } = await listReleases(fresh.clone, {
      glob: 'v*',
      withOrigin: true,
      seen: { list: () => [], see: tags => tags },
    });
    assert.equal(releases.length, 2);
    await compareCommits(fresh.clone, { from: releases[1]?.commit ?? '', to: releases[0]?.commit ?? '' });
    const checkouts = new Checkouts({ folder: join(home.path, 'state', 'checkouts') });
    const checkout = await checkouts.checkout(fresh.clone, found.id, releases[0]?.commit ?? '');
    await checkChart(fresh.clone, {
      commit: releases[0]?.commit ?? '',
      version: 'v2',
      chart: 'charts/kosmos',
      values: [],
    });
    checkout.dispose();

    assert.equal(readState(repository.folder), before);
    assert.deepEqual(readdirSync(home.path).toSorted(), ['home', 'kosmos', 'kosmos.origin.git', 'state']);
  });

  it('runs no hook, wherever it is configured', async () => {
    repository.commit('First');
    repository.addOrigin();
    const hooks = join(home.path, 'hooks');
    installLoudHooks(hooks);
    writeFileSync(join(home.path, 'home', '.gitconfig'), `[core]\n\thooksPath = ${hooks}\n`);
    // The hooks work: git itself would run them.
    repository.git('update-ref', 'refs/heads/other', 'HEAD');
    assert.ok(existsSync(join(hooks, 'ran')));
    rmSync(join(hooks, 'ran'));
    const { clone } = await refresh();
    const checkouts = new Checkouts({ folder: join(home.path, 'checkouts') });
    await checkouts.checkout(clone, 'id', repository.git('rev-parse', 'HEAD'));
    assert.equal(existsSync(join(hooks, 'ran')), false);
  });

  it('forgets branches and tags that are gone', async () => {
    repository.commit('First');
    repository.git('branch', 'feature/x');
    repository.git('tag', 'v1');
    const { clone } = await refresh();
    assert.ok(await resolveCommit(clone, 'refs/local/heads/feature/x'));
    repository.git('branch', '-D', 'feature/x');
    repository.git('branch', 'feature');
    repository.git('tag', '-d', 'v1');
    await refresh();
    assert.equal(await resolveCommit(clone, 'refs/local/heads/feature/x'), undefined);
    assert.ok(await resolveCommit(clone, 'refs/local/heads/feature'));
    assert.equal(await resolveCommit(clone, 'refs/local/tags/v1'), undefined);
  });

  it('goes on without an origin that cannot be reached, and says so', async () => {
    const commit = repository.commit('First');
    const origin = repository.addOrigin();
    await refresh();
    renameSync(origin, `${origin}.gone`);
    const { clone, origin: found, notices } = await refresh();
    assert.match(found?.problem ?? '', /does not appear to be a git repository/);
    assert.equal(found?.defaultBranch, 'main');
    assert.equal(await resolveCommit(clone, 'refs/origin/heads/main'), commit);
    assert.match(notices.join('\n'), /^origin could not be reached: .*from the last time\.$/);
  });

  it('goes on without an origin that never answers', async () => {
    repository.commit('First');
    const server = createSocketServer(() => {});
    const port = await listen(server);
    repository.git('remote', 'add', 'origin', `git://127.0.0.1:${port}/kosmos`);
    const impatient = new Clones({
      git: home.git,
      folder: join(home.path, 'impatient'),
      limits: { localMs: 20_000, originMs: 700 },
    });
    try {
      const { origin, notices } = await impatient.refresh(await find(), 'origin');
      assert.match(origin?.problem ?? '', /did not answer within 0\.7 s/);
      assert.equal(notices.length, 1);
    } finally {
      server.close();
    }
  });

  it('asks nobody for a password', async () => {
    repository.commit('First');
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="kosmos"' }).end();
    });
    const port = await listen(server);
    repository.git('remote', 'add', 'origin', `http://127.0.0.1:${port}/kosmos`);
    const prompt = join(home.path, 'prompt');
    writeFileSync(prompt, `#!/bin/sh\ntouch ${prompt}.ran\necho secret\n`, { mode: 0o755 });
    const env = { ...home.git.env, GIT_ASKPASS: prompt, SSH_ASKPASS: prompt, DISPLAY: ':99' };
    const prompting = new Clones({ git: { ...home.git, env }, folder: join(home.path, 'prompting') });
    try {
      const { origin } = await prompting.refresh(await find(), 'origin');
      assert.match(origin?.problem ?? '', /could not read Username|terminal prompts disabled/);
      assert.ok(asked > 0);
      assert.equal(existsSync(`${prompt}.ran`), false);
    } finally {
      server.close();
    }
  });

  it('runs no program that an address names', async () => {
    repository.commit('First');
    writeFileSync(join(home.path, 'home', '.gitconfig'), '[protocol "ext"]\n\tallow = always\n');
    repository.git('remote', 'add', 'origin', `ext::sh -c touch% ${join(home.path, 'ran')}`);
    const { origin } = await refresh();
    assert.match(origin?.problem ?? '', /not allowed/);
    assert.equal(existsSync(join(home.path, 'ran')), false);
  });

  it('does not take one origin for another when the address changes', async () => {
    repository.commit('First');
    repository.git('tag', 'v1');
    repository.addOrigin();
    const { clone } = await refresh();
    assert.ok(await resolveCommit(clone, 'refs/origin/tags/v1'));
    repository.git('remote', 'set-url', 'origin', join(home.path, 'nowhere.git'));
    const { origin } = await refresh();
    assert.equal(origin?.defaultBranch, undefined);
    assert.equal(await resolveCommit(clone, 'refs/origin/tags/v1'), undefined);
    assert.equal(await resolveCommit(clone, 'refs/origin/heads/main'), undefined);
  });

  it('follows an address that is relative to the repository', async () => {
    repository.commit('First');
    repository.addOrigin();
    repository.git('remote', 'set-url', 'origin', '../kosmos.origin.git');
    assert.deepEqual((await refresh()).origin, {
      name: 'origin',
      address: join(home.path, 'kosmos.origin.git'),
      defaultBranch: 'main',
    });
  });

  it('finds the default branch where the HEAD of the origin names one that was never pushed', async () => {
    repository.commit('First');
    const origin = repository.addOrigin();
    repository.git('push', '--quiet', 'origin', 'main:feature');
    writeFileSync(join(origin, 'HEAD'), 'ref: refs/heads/master\n');
    assert.equal((await refresh()).origin?.defaultBranch, 'main');
  });

  it('takes the HEAD of the origin before the usual names', async () => {
    repository.commit('First');
    const origin = repository.addOrigin();
    repository.git('push', '--quiet', 'origin', 'main:trunk');
    writeFileSync(join(origin, 'HEAD'), 'ref: refs/heads/trunk\n');
    assert.equal((await refresh()).origin?.defaultBranch, 'trunk');
  });

  it('takes the only remote for the origin, whatever its name, and none of several', async () => {
    repository.commit('First');
    repository.addOrigin();
    repository.git('remote', 'rename', 'origin', 'upstream');
    assert.equal((await refresh()).origin?.name, 'upstream');
    repository.git('remote', 'add', 'fork', join(home.path, 'fork.git'));
    assert.equal((await refresh()).origin, undefined);
  });

  it('L-11g says that it knows none of several remotes for the origin, and takes the one that git prefers', async () => {
    repository.commit('First');
    repository.addOrigin();
    repository.git('remote', 'rename', 'origin', 'upstream');
    repository.git('remote', 'add', 'fork', join(home.path, 'fork.git'));
    const torn = await refresh();
    assert.deepEqual(torn.undecided, ['fork', 'upstream']);
    assert.match(torn.notices.join(), /fork, upstream is called origin.*git config checkout\.defaultRemote/);
    repository.git('config', 'branch.main.remote', 'upstream');
    const tracked = await refresh();
    assert.deepEqual([tracked.origin?.name, tracked.undecided, tracked.notices], ['upstream', undefined, []]);
    repository.git('config', 'checkout.defaultRemote', 'fork');
    assert.equal((await refresh()).origin?.name, 'fork');
  });

  it('is made anew when it is damaged, and keeps nothing broken', async () => {
    const commit = repository.commit('First');
    repository.git('tag', 'v1');
    repository.addOrigin();
    const { clone } = await refresh();
    rmSync(join(clone.folder, 'objects'), { recursive: true });
    const again = await refresh('local');
    assert.deepEqual(again.notices, []);
    assert.equal(await resolveCommit(clone, 'refs/local/tags/v1'), commit);
    assert.equal(await resolveCommit(clone, 'refs/origin/tags/v1'), commit);
  });

  it('gets over a lock that a dead git left', async () => {
    repository.commit('First');
    const { clone } = await refresh();
    const second = repository.commit('Second');
    mkdirSync(join(clone.folder, 'refs', 'local', 'heads'), { recursive: true });
    writeFileSync(join(clone.folder, 'refs', 'local', 'heads', 'main.lock'), '');
    await refresh();
    assert.equal(await resolveCommit(clone, 'refs/local/heads/main'), second);
  });

  it('says that it is out of date when the newest commit cannot be copied', async () => {
    const commit = repository.commit('First');
    const found = await find();
    const { clone } = await clones.refresh(found, 'local');
    const second = repository.commit('Second');
    rmSync(join(repository.folder, '.git', 'objects', second.slice(0, 2), second.slice(2)));
    const { notices } = await clones.refresh(found, 'local');
    assert.match(notices.join('\n'), /own copy of the repository is out of date/);
    assert.equal(await resolveCommit(clone, 'refs/local/heads/main'), commit);
  });

  it('says why when the repository is gone', async () => {
    repository.commit('First');
    const found = await find();
    await clones.refresh(found, 'local');
    rmSync(join(repository.folder, '.git'), { recursive: true });
    await assert.rejects(clones.refresh(found, 'local'), /not a git repository/);
  });

  it('does one thing at a time for a repository', async () => {
    repository.commit('First');
    repository.addOrigin();
    const results = await Promise.all([refresh(), refresh('local'), refresh(), refresh('local')]);
    assert.deepEqual(
      results.flatMap(result => result.notices),
      [],
    );
  });

  it('is readable by its user only', async () => {
    repository.commit('First');
    const { clone } = await refresh();
    assert.equal(statSync(clone.folder).mode & 0o777, 0o700);
  });

  it('serves a repository with SHA-256 ids', async () => {
    repository = new TestRepository(home, 'long', ['--object-format=sha256']);
    const commit = repository.commit('First');
    const { clone } = await refresh();
    assert.equal(commit.length, 64);
    assert.equal(await resolveCommit(clone, 'refs/local/heads/main'), commit);
  });

  it('tells of a shallow clone, of submodules and of Git LFS', async () => {
    repository.commit('First');
    repository.commit('Second', {
      '.gitmodules': '[submodule "x"]\n',
      '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
    });
    const shallow = join(home.path, 'shallow');
    repository.git('clone', '--quiet', '--depth=1', `file://${repository.folder}`, shallow);
    const { notices } = await clones.refresh(await findRepository(home.git, shallow), 'local');
    assert.equal(notices.length, 3);
    assert.match(notices[0] ?? '', /shallow clone/);
    assert.match(notices[1] ?? '', /[Ss]ubmodules/);
    assert.match(notices[2] ?? '', /Git LFS/);
  });

  it('is empty for a repository without a commit', async () => {
    const { clone, notices } = await refresh();
    assert.equal(await resolveCommit(clone, 'refs/local/heads/main'), undefined);
    assert.deepEqual(notices, []);
  });
});

/** Hooks that leave a file `ran` beside them. */
function installLoudHooks(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of [
    'post-checkout',
    'reference-transaction',
    'post-index-change',
    'pre-auto-gc',
    'fsmonitor-watchman',
  ]) {
    writeFileSync(join(folder, name), `#!/bin/sh\ntouch ${join(folder, 'ran')}\n`);
    chmodSync(join(folder, name), 0o755);
  }
}

async function listen(server: Server | ReturnType<typeof createSocketServer>): Promise<number> {
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
