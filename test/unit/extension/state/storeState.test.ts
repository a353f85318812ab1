import assert from 'node:assert/strict';
import {
  findPromotion,
  listReleases,
  listRepositories,
  reduceStore,
} from '../../../../extension/state/storeState.ts';
import { anEnvironment, anOpenState, aPromotion, aRelease, aRepository } from '../../../builders/views.ts';

describe('the state of the store', () => {
  it('puts a changed environment in the place of the old one and names it', () => {
    const before = anOpenState(
      aRepository({ environments: [anEnvironment({ name: 'development' }), anEnvironment()] }),
    );
    const environment = anEnvironment({ health: 'fail' });
    const { state, changed } = reduceStore(before, {
      type: 'environmentChanged',
      repositoryId: 'repository',
      environment,
    });
    const [repository] = listRepositories(state);
    assert.deepEqual(
      repository?.environments.map(({ name, health }) => [name, health]),
      [
        ['development', 'pass'],
        ['staging', 'fail'],
      ],
    );
    assert.deepEqual(changed, ['environment/repository/staging']);
  });

  it('says that nothing changed for an environment or a repository that it does not have', () => {
    const before = anOpenState();
    const environment = anEnvironment({ name: 'elsewhere' });
    const one = reduceStore(before, { type: 'environmentChanged', repositoryId: 'repository', environment });
    const other = reduceStore(before, {
      type: 'repositoryChanged',
      repository: aRepository({ id: 'other' }),
    });
    assert.deepEqual([...one.changed, ...other.changed], []);
    assert.equal(one.state, before);
  });

  it('keeps promotions newest first, each once', () => {
    const old = aPromotion({ id: 'old', requestedAt: '2026-11-22T10:00:00.000Z', state: 'succeeded' });
    const before = anOpenState(aRepository({ promotions: [aPromotion(), old] }));
    const { state, changed } = reduceStore(before, {
      type: 'promotionChanged',
      sequence: 12,
      promotion: aPromotion({ state: 'succeeded' }),
    });
    assert.deepEqual(
      listRepositories(state)[0]?.promotions.map(({ id, state: itsState }) => [id, itsState]),
      [
        ['promotion-1', 'succeeded'],
        ['old', 'succeeded'],
      ],
    );
    assert.deepEqual(changed, ['promotion/promotion-1']);
    assert.equal(state.sequence, 12);
  });

  it('finds a promotion by its id', () => {
    const state = anOpenState(aRepository({ promotions: [aPromotion()] }));
    assert.equal(findPromotion(state, 'promotion-1')?.person, 'alice');
    assert.equal(findPromotion(state, 'nothing'), undefined);
  });

  it('L-12f knows the releases of the view and those that were asked for, and where they run by the view alone', () => {
    const named = (version: string, running = false) =>
      aRelease({
        version,
        reach: [{ environment: 'staging', state: running ? 'running' : 'none' }],
      });
    const repository = aRepository({
      // v9 is new since; v2 runs, and was not among those that were asked for.
      releases: [named('v9'), named('v8'), named('v2', true)],
      releaseCount: 9,
    });
    const { state, changed } = reduceStore(anOpenState(repository), {
      type: 'releasesListed',
      repositoryId: 'repository',
      releases: [named('v8', true), named('v7', true), named('v6')],
    });
    assert.deepEqual(
      listReleases(state, repository).map(({ version, reach }) =>
        `${version} ${reach[0]?.state ?? ''}`.trim(),
      ),
      ['v9 none', 'v8 none', 'v7', 'v6 none', 'v2 running'],
    );
    assert.deepEqual(changed, ['repository/repository']);
  });

  it('keeps what it knows of folders that stay', () => {
    const before = anOpenState();
    const { state } = reduceStore(before, { type: 'foldersChanged', folders: ['/work/kosmos', '/work/new'] });
    assert.deepEqual(state.folders, [
      { folder: '/work/kosmos', repositoryId: 'repository' },
      { folder: '/work/new' },
    ]);
  });
});
