import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readFileAt, resolveCommit } from '../../../daemon/sources/releases/clone.ts';
import { Clones } from '../../../daemon/sources/releases/clones.ts';
import { buildCompleteCommand } from '../../../daemon/sources/releases/copyPartialClone.ts';
import { findRepository } from '../../../daemon/sources/releases/findRepository.ts';
import { runGit } from '../../../daemon/tools/git/runGit.ts';
import { buildVersionRun } from '../../../daemon/tools/git/version.ts';
import { readState, TestFolder, TestRepository } from './testRepository.ts';

describe("Slipway's own clone of a partial clone", function () {
  this.timeout(60_000);
  let home: TestFolder;
  let clones: Clones;
  /** What the others have, whole. */
  let source: TestRepository;
  let origin: string;
  let folder: string;

  beforeEach(() => {
    home = new TestFolder();
    clones = openClones('repositories');
    source = new TestRepository(home, 'source');
    for (const version of ['v1', 'v2', 'v3']) {
      source.commit(version, { 'charts/shop/Chart.yaml': `version: ${version}\n` });
      source.git('tag', '-a', version, '-m', version);
    }
    origin = source.addOrigin();
    source.git('-C', origin, 'config', 'uploadpack.allowFilter', 'true');
    folder = join(home.path, 'partial');
    clonePartial('blob:none');
  });
  afterEach(() => home.dispose());

  const openClones = (name: string) =>
    new Clones({
      git: home.git,
      folder: join(home.path, 'state', name),
      limits: { localMs: 20_000, originMs: 10_000 },
    });
  const clonePartial = (filter: string) =>
    source.git('clone', '--quiet', `--filter=${filter}`, `file://${origin}`, folder);
  const inPartial = (...args: readonly string[]) => source.git('-C', folder, ...args);
  const refresh = async (reach: 'local' | 'origin' = 'local', by = clones) =>
    by.refresh(await findRepository(home.git, folder), reach);
  /** The chart as it was at a tag of the person's repository. */
  const readChart = async ({ clone }: Awaited<ReturnType<typeof refresh>>, version: string) => {
    const commit = await resolveCommit(clone, `refs/local/tags/${version}`);
    return commit && (await readFileAt(clone, { commit, path: 'charts/shop/Chart.yaml', most: 1000 }));
  };

  for (const filter of ['blob:none', 'tree:0']) {
    it(`P-09w holds files that ${filter} never downloaded, and what only the person has`, async () => {
      execFileSync('rm', ['-rf', folder]);
      clonePartial(filter);
      inPartial('commit', '--quiet', '--allow-empty', '-m', 'Mine');
      inPartial('tag', 'v4');
      const before = readState(folder);
      const fresh = await refresh();
      assert.equal(await readChart(fresh, 'v1'), 'version: v1\n');
      assert.equal(await readChart(fresh, 'v4'), 'version: v3\n');
      assert.deepEqual(fresh.notices, [
        'This is a partial clone: files that were never downloaded are taken from origin.',
      ]);
      assert.equal(readState(folder), before, 'the repository of the person is only read');
    });
  }

  it('P-09w takes what comes later, without being made anew', async () => {
    const { clone } = await refresh('origin');
    const made = statSync(clone.folder).ino;
    const commit = source.commit('v5', { 'charts/shop/Chart.yaml': 'version: v5\n' });
    source.git('tag', 'v5');
    source.git('push', '--quiet', 'origin', 'main', 'v5');
    inPartial('fetch', '--quiet');
    const fresh = await refresh('local');
    assert.equal(await resolveCommit(clone, 'refs/local/remotes/origin/main'), commit);
    assert.equal(await readChart(fresh, 'v5'), 'version: v5\n');
    assert.equal(statSync(clone.folder).ino, made);
    inPartial('tag', '-d', 'v1');
    assert.equal(await readChart(await refresh(), 'v1'), undefined);
  });

  it('P-09w leaves out a tag whose files nobody has any more, and says which', async () => {
    source.git('checkout', '--quiet', '-b', 'gone');
    source.commit('Gone', { 'charts/shop/Chart.yaml': 'version: gone\n' });
    source.git('tag', 'v9');
    source.commit('Over', { 'charts/shop/Chart.yaml': 'version: v3\n' });
    source.git('push', '--quiet', 'origin', 'gone', 'v9');
    inPartial('fetch', '--quiet', '--tags');
    source.git('push', '--quiet', 'origin', ':gone', ':v9');
    source.git('-C', origin, 'gc', '--quiet', '--prune=now');
    const fresh = await refresh();
    assert.equal(await readChart(fresh, 'v9'), undefined);
    assert.equal(await readChart(fresh, 'v1'), 'version: v1\n');
    assert.match(
      fresh.notices.join('\n'),
      /^Missing here, since files of them were never downloaded and origin gave none: v9\.$/m,
    );
  });

  it('P-09w says what a partial clone is where its origin cannot be reached, and the command completes it', async () => {
    renameSync(origin, `${origin}.away`);
    const command = buildCompleteCommand('origin', await runGit(home.git, buildVersionRun(), { folder }));
    await assert.rejects(refresh(), (error: { code?: string; message?: string; next?: string }) => {
      assert.equal(error.code, 'partialClone');
      assert.match(
        error.message ?? '',
        /is a partial clone: it lacks files that were never downloaded, and origin, which has them, could not be reached: .*does not appear to be a git repository\.$/,
      );
      assert.ok(error.next?.includes(`run: ${command}`), error.next);
      return true;
    });
    renameSync(`${origin}.away`, origin);
    execFileSync('sh', ['-c', command], { cwd: folder, env: home.git.env, stdio: 'ignore' });
    renameSync(origin, `${origin}.away`);
    const fresh = await refresh('local', openClones('again'));
    assert.equal(await readChart(fresh, 'v1'), 'version: v1\n');
  });

  it('P-09w names a command that the git at hand knows', () => {
    assert.equal(buildCompleteCommand('origin', '2.39.5'), 'git fetch --refetch --no-filter --tags origin');
    assert.equal(buildCompleteCommand('up', '3.0.0'), 'git fetch --refetch --no-filter --tags up');
    assert.equal(
      buildCompleteCommand('origin', '2.35.1'),
      'git clone "$(git remote get-url origin)" ../whole',
    );
  });
});
