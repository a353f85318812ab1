import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Clones, type FreshClone } from '../../../daemon/sources/releases/clones.ts';
import { type Behind, findBehind } from '../../../daemon/sources/releases/findBehind.ts';
import { findRepository, type Repository } from '../../../daemon/sources/releases/findRepository.ts';
import { TestFolder, TestRepository } from './testRepository.ts';

describe('whether a clone is behind', () => {
  let home: TestFolder;
  let repository: TestRepository;
  let origin: string;
  let found: Repository;
  let fresh: FreshClone;
  const wanted = { originBranches: ['main'], localBranches: [], originTags: ['v1'], localTags: ['v1'] };

  beforeEach(async () => {
    home = new TestFolder();
    repository = new TestRepository(home, 'kosmos');
    repository.commit('First');
    repository.git('tag', '-a', 'v1', '-m', 'First');
    origin = repository.addOrigin();
    repository.git('push', '--quiet', 'origin', 'v1');
    found = await findRepository(home.git, repository.folder);
    const clones = new Clones({ git: home.git, folder: join(home.path, 'repositories') });
    fresh = await clones.refresh(found, 'origin');
  });
  afterEach(() => home.dispose());

  const look = (): Promise<Behind> => findBehind(fresh, found, wanted);
  const pushFromElsewhere = (...refspecs: readonly string[]) => {
    const other = new TestRepository(home, 'other');
    other.commit('Theirs');
    other.git('tag', '-a', 'v1', '-m', 'Moved');
    other.git('push', '--quiet', '--force', origin, ...refspecs);
  };

  it('is false right after a refresh', async () => {
    assert.deepEqual(await look(), { local: false, origin: false });
  });

  it('is true of the origin when somebody else pushed the branch', async () => {
    pushFromElsewhere('main');
    assert.deepEqual(await look(), { local: false, origin: true });
  });

  it('is true of the origin when somebody else moved the tag there', async () => {
    pushFromElsewhere('v1');
    assert.deepEqual(await look(), { local: false, origin: true });
  });

  it('is true of the origin when its default branch is another one now', async () => {
    repository.git('push', '--quiet', 'origin', 'main:next');
    new TestRepository(home, 'nowhere').git('--git-dir', origin, 'symbolic-ref', 'HEAD', 'refs/heads/next');
    assert.deepEqual(await look(), { local: false, origin: true });
  });

  it('is false when something else was pushed, a branch whose name ends alike too', async () => {
    repository.commit('Mine');
    repository.git('push', '--quiet', 'origin', 'main:feature', 'main:refs/heads/x/refs/heads/main');
    assert.deepEqual(await look(), { local: false, origin: false });
  });

  it('is true of the local repository when its tag was moved or removed', async () => {
    repository.git('tag', '--delete', 'v1');
    assert.deepEqual(await look(), { local: true, origin: false });
  });

  it('is true of the local repository when a branch that governs has moved on', async () => {
    repository.commit('Second');
    const governed = { ...wanted, localBranches: ['main'] };
    assert.deepEqual(await findBehind(fresh, found, governed), { local: true, origin: false });
  });

  it('is not known of an origin that does not answer, and says why', async () => {
    const gone = {
      ...fresh,
      origin: { name: 'origin', address: join(home.path, 'gone'), defaultBranch: 'main' },
    };
    const behind = await findBehind(gone, found, wanted);
    assert.equal(behind.origin, false);
    assert.match(behind.problem ?? '', /^origin could not be asked: .*gone/);
  });
});
