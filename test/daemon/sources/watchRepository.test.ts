import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRepository } from '../../../daemon/sources/releases/findRepository.ts';
import {
  type RepositoryChange,
  type RepositoryWatch,
  watchRepository,
} from '../../../daemon/sources/releases/watchRepository.ts';
import { until } from '../tools/until.ts';
import { TestFolder, TestRepository } from './testRepository.ts';

describe('the watch over a repository', () => {
  let home: TestFolder;
  let repository: TestRepository;
  let watch: RepositoryWatch | undefined;
  const changes: RepositoryChange[] = [];
  beforeEach(() => {
    home = new TestFolder();
    repository = new TestRepository(home, 'kosmos');
    repository.commit('First', { 'slipway.yaml': 'name: one\n' });
    changes.length = 0;
  });
  afterEach(() => {
    watch?.dispose();
    home.dispose();
  });

  /** Watches with notices only, unless a poll is asked for. */
  const start = async (pollMs = 600_000, folder = repository.folder) => {
    const found = await findRepository(home.git, folder);
    watch = watchRepository(found, change => changes.push(change), { debounceMs: 20, pollMs });
    await watch.ready;
  };
  const expectChange = async (change: Partial<RepositoryChange>, act: () => void) => {
    const before = changes.length;
    act();
    await until(() =>
      changes
        .slice(before)
        .some(seen =>
          Object.entries(change).every(([key, value]) => seen[key as keyof RepositoryChange] === value),
        ),
    );
  };

  it('notices slipway.yaml written in place, replaced, removed and made', async () => {
    await start();
    await expectChange({ procedure: true, refs: false }, () =>
      repository.write('slipway.yaml', 'name: two\n'),
    );
    await expectChange({ procedure: true }, () => {
      repository.write('slipway.yaml.new', 'name: three\n');
      repository.git('mv', '-f', 'slipway.yaml', 'old.yaml');
    });
    await expectChange({ procedure: true }, () => repository.write('slipway.yaml', 'name: four\n'));
  });

  const acts: readonly (readonly [string, () => void])[] = [
    ['a commit', () => repository.commit('Next', { a: 'a' })],
    ['a new tag', () => repository.git('tag', 'v1')],
    ['an annotated tag', () => repository.git('tag', '-a', 'v2', '-m', 'Two')],
    ['another branch in the working tree', () => repository.git('checkout', '--quiet', '-b', 'other')],
    ['a detached head', () => repository.git('checkout', '--quiet', '--detach')],
    ['a branch in a folder of its own', () => repository.git('branch', 'team/feature/x')],
    ['refs that are packed', () => repository.git('pack-refs', '--all')],
    ['a remote', () => repository.git('remote', 'add', 'origin', '../nowhere')],
  ];
  for (const [what, act] of acts) {
    it(`notices ${what}`, async () => {
      await start();
      await expectChange({ refs: true, procedure: false }, act);
    });
  }

  it('notices a second branch in a folder that was made after the start', async () => {
    await start();
    await expectChange({ refs: true }, () => repository.git('branch', 'team/one'));
    await expectChange({ refs: true }, () => repository.git('branch', 'team/two'));
  });

  it('notices refs in a linked working tree', async () => {
    const linked = join(home.path, 'linked');
    repository.git('worktree', 'add', '--quiet', '-b', 'linked', linked);
    await start(600_000, linked);
    await expectChange({ refs: true }, () => repository.git('tag', 'v1'));
    await expectChange({ procedure: true }, () =>
      writeFileSync(join(linked, 'slipway.yaml'), 'name: linked\n'),
    );
    await expectChange({ refs: true }, () => repository.git('-C', linked, 'checkout', '--quiet', '--detach'));
  });

  it('does not take other files for a change', async () => {
    await start();
    repository.write('src/main.ts', 'x');
    repository.write('notes.txt', 'x');
    mkdirSync(join(repository.folder, 'new'));
    repository.git('add', '--all');
    await expectChange({ procedure: true }, () => repository.write('slipway.yaml', 'name: two\n'));
    assert.deepEqual(changes, [{ procedure: true, refs: false }]);
  });

  it('finds by looking what no notice told', async () => {
    // Twenty folders more than are watched.
    for (let index = 0; index < 84; index += 1) {
      repository.git('update-ref', `refs/heads/f${String(index).padStart(2, '0')}/x`, 'HEAD');
    }
    await start(50);
    await expectChange({ refs: true }, () => repository.git('update-ref', 'refs/heads/f83/y', 'HEAD'));
  });

  it('says nothing after it was disposed of', async () => {
    await start(50);
    watch?.dispose();
    const other = await findRepository(home.git, repository.folder);
    const seen: RepositoryChange[] = [];
    const second = watchRepository(other, change => seen.push(change), { debounceMs: 20, pollMs: 50 });
    await second.ready;
    try {
      repository.git('tag', 'v1');
      await until(() => seen.length > 0);
      assert.deepEqual(changes, []);
    } finally {
      second.dispose();
    }
  });
});
