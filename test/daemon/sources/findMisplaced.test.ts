import assert from 'node:assert/strict';
import { findMisplaced } from '../../../daemon/sources/procedure/findMisplaced.ts';
import { findRepository } from '../../../daemon/sources/releases/findRepository.ts';
import { TestFolder, TestRepository } from './testRepository.ts';

describe('a procedure that stands where nobody reads it', () => {
  let home: TestFolder;
  let repository: TestRepository;
  beforeEach(() => {
    home = new TestFolder();
    repository = new TestRepository(home, 'kosmos');
  });
  afterEach(() => home.dispose());

  const find = async () => findMisplaced(home.git, await findRepository(home.git, repository.folder));

  it('P-09v is found by a name that is nearly right, committed or new', async () => {
    assert.equal(await find(), undefined);
    repository.write('slipway.yml', 'name: x\n');
    assert.deepEqual(await find(), { path: 'slipway.yml', kind: 'name' });
    repository.commit('First');
    assert.deepEqual(await find(), { path: 'slipway.yml', kind: 'name' });
    repository.git('mv', 'slipway.yml', 'Slipway.YAML');
    assert.deepEqual(await find(), { path: 'Slipway.YAML', kind: 'name' });
  });

  it('P-09v is found in a folder, the nearest to the root, after one at the root', async () => {
    repository.commit('First', { 'a/b/slipway.yaml': 'x', 'deploy/slipway.yaml': 'x' });
    assert.deepEqual(await find(), { path: 'deploy/slipway.yaml', kind: 'folder' });
    repository.write('slipway.yml', 'x');
    assert.deepEqual(await find(), { path: 'slipway.yml', kind: 'name' });
  });

  it('P-09v is not looked for in what git ignores, nor in installed packages', async () => {
    repository.commit('First', { '.gitignore': 'out\n' });
    repository.write('out/slipway.yaml', 'x');
    repository.write('node_modules/kosmos/slipway.yaml', 'x');
    repository.write('web/node_modules/kosmos/slipway.yml', 'x');
    assert.equal(await find(), undefined);
  });

  it('P-09v is none that was deleted', async () => {
    repository.commit('First', { 'slipway.yml': 'x', 'deploy/slipway.yaml': 'x' });
    repository.git('mv', 'slipway.yml', 'other.yml');
    repository.git('rm', '--quiet', 'deploy/slipway.yaml');
    assert.equal(await find(), undefined);
  });
});
