import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Clusters } from '../../../daemon/clusters/clusters.ts';
import { Checkouts } from '../../../daemon/sources/releases/checkouts.ts';
import { Clones } from '../../../daemon/sources/releases/clones.ts';
import { OpenRepositories } from '../../../daemon/watching/openRepositories.ts';
import { SharedWatches } from '../../../daemon/watching/sharedWatches.ts';
import { TestFolder, TestRepository } from '../sources/testRepository.ts';
import { TemporaryStore } from '../store/temporaryStore.ts';

describe('the open repositories', () => {
  let home: TestFolder;
  let temporary: TemporaryStore;
  let repositories: OpenRepositories;
  let repository: TestRepository;
  let gitPath: string;

  beforeEach(() => {
    home = new TestFolder();
    temporary = new TemporaryStore();
    gitPath = home.git.path;
    repository = new TestRepository(home, 'kosmos');
    repository.commit('First', { 'charts/kosmos/Chart.yaml': 'name: kosmos\n' });
    repositories = build();
  });
  afterEach(() => {
    repositories.dispose();
    temporary.dispose();
    home.dispose();
  });

  function build(): OpenRepositories {
    const store = temporary.open();
    const clusters = new Clusters({
      kubeconfigPaths: () => [],
      environment: () => ({}),
      runCredentialPlugin: () => assert.fail('no cluster is asked'),
      userAgent: 'slipway/test',
    });
    const watches = new SharedWatches({ clusters, log: () => {} });
    const clones = new Clones({ git: home.git, folder: join(home.path, 'clones') });
    return new OpenRepositories({
      prepare: async () => ({
        git: { ...home.git, path: gitPath },
        clones,
        checkouts: new Checkouts({ folder: join(home.path, 'checkouts') }),
        clusters,
        watches,
        store,
        log: () => {},
        onRepositoryChanged: () => {},
        onEnvironmentChanged: () => {},
      }),
    });
  }

  it('gives what is open to the next window without asking git', async () => {
    const first = await repositories.open(repository.folder);
    gitPath = join(home.path, 'no-git');
    assert.equal(await repositories.open(repository.folder), first);
  });

  it('asks git in a folder below the top, which may be in a repository of its own', async () => {
    const first = await repositories.open(repository.folder);
    assert.equal(await repositories.open(join(repository.folder, 'charts')), first);
    const inner = new TestRepository(home, 'kosmos/charts');
    inner.commit('Its own');
    assert.notEqual(await repositories.open(inner.folder), first);
  });

  it('asks git again where another .git has come, or none is left', async () => {
    const first = await repositories.open(repository.folder);
    rmSync(join(repository.folder, '.git'), { recursive: true });
    await assert.rejects(repositories.open(repository.folder), { code: 'noRepository' });
    repository.git('init', '--quiet');
    const realGit = gitPath;
    gitPath = join(home.path, 'no-git');
    await assert.rejects(repositories.open(repository.folder), { code: 'toolMissing' });
    gitPath = realGit;
    assert.equal(await repositories.open(repository.folder), first);
    gitPath = join(home.path, 'no-git');
    assert.equal(await repositories.open(repository.folder), first);
  });
});
