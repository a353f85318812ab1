import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { buildRepositoryId, findRepository } from '../../../daemon/sources/releases/findRepository.ts';
import { readWorkingTree } from '../../../daemon/sources/releases/workingTree.ts';
import { TestFolder, TestRepository } from './testRepository.ts';

describe('a repository', () => {
  let home: TestFolder;
  beforeEach(() => {
    home = new TestFolder();
  });
  afterEach(() => home.dispose());

  it('is found from any folder in it and through links, always as the same', async () => {
    const repository = new TestRepository(home, 'kosmos é 1');
    repository.commit('First', { 'charts/kosmos/Chart.yaml': 'name: kosmos\n' });
    symlinkSync(repository.folder, join(home.path, 'link'));
    const folders = [repository.folder, join(repository.folder, 'charts', 'kosmos'), join(home.path, 'link')];
    const found = await Promise.all(folders.map(folder => findRepository(home.git, folder)));
    for (const one of found) {
      assert.deepEqual(one, {
        id: buildRepositoryId(repository.folder),
        folder: repository.folder,
        gitFolder: join(repository.folder, '.git'),
        commonFolder: join(repository.folder, '.git'),
        shallow: false,
        objectFormat: 'sha1',
      });
    }
    assert.match(found[0]?.id ?? '', /^[0-9a-f]{12}$/);
  });

  it('is not found where there is none, and it is said what to do', async () => {
    mkdirSync(join(home.path, 'plain'));
    await assert.rejects(findRepository(home.git, join(home.path, 'plain')), {
      code: 'noRepository',
      message: /is no git repository/,
      next: /git repository/,
    });
    await assert.rejects(findRepository(home.git, join(home.path, 'nothing')), {
      code: 'noRepository',
      message: /does not exist/,
    });
    const bare = new TestRepository(home, 'bare.git', ['--bare']);
    await assert.rejects(findRepository(home.git, bare.folder), {
      code: 'noRepository',
      message: /no working tree/,
    });
  });

  it('is not found without git, and the error says so', async () => {
    const git = { ...home.git, path: join(home.path, 'no-git') };
    await assert.rejects(findRepository(git, home.path), { code: 'toolMissing' });
  });

  it('is one of its own for each linked working tree, which shares refs', async () => {
    const repository = new TestRepository(home, 'kosmos');
    repository.commit('First');
    const linked = join(home.path, 'linked');
    repository.git('worktree', 'add', '--quiet', '--detach', linked);
    const found = await findRepository(home.git, linked);
    assert.notEqual(found.id, buildRepositoryId(repository.folder));
    assert.equal(found.folder, linked);
    assert.equal(found.commonFolder, join(repository.folder, '.git'));
    assert.equal((await readWorkingTree(home.git, found)).detached, true);
  });
});

describe('the working tree', () => {
  let home: TestFolder;
  let repository: TestRepository;
  beforeEach(() => {
    home = new TestFolder();
    repository = new TestRepository(home, 'kosmos');
  });
  afterEach(() => home.dispose());

  const read = async () => readWorkingTree(home.git, await findRepository(home.git, repository.folder));

  it('L-12c is clean on a branch', async () => {
    const commit = repository.commit('First');
    assert.deepEqual(await read(), { branch: 'main', commit, detached: false, dirty: false });
  });

  it('L-12c is dirty by a change, a new file, a deletion, a staged change', async () => {
    const changes: readonly (() => void)[] = [
      () => repository.write('a.txt', 'changed'),
      () => repository.write('charts/new.yaml', 'new'),
      () => repository.git('rm', '--quiet', 'a.txt'),
      () => repository.git('mv', 'a.txt', 'b.txt'),
    ];
    repository.commit('First', { 'a.txt': 'a' });
    for (const change of changes) {
      change();
      assert.equal((await read()).dirty, true, change.toString());
      repository.git('reset', '--quiet', '--hard');
      repository.git('clean', '--quiet', '-fd');
      assert.equal((await read()).dirty, false);
    }
  });

  it('is not dirty by files that git ignores', async () => {
    repository.commit('First', { '.gitignore': 'out/\n' });
    repository.write('out/x', 'x');
    assert.equal((await read()).dirty, false);
  });

  it('L-12c has a detached head', async () => {
    const commit = repository.commit('First');
    repository.git('checkout', '--quiet', '--detach');
    assert.deepEqual(await read(), { commit, detached: true, dirty: false });
  });

  it('has a branch without a commit before the first one', async () => {
    assert.deepEqual(await read(), { branch: 'main', detached: false, dirty: false });
  });
});
