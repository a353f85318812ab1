import assert from 'node:assert/strict';
import { findPromotion, listRepositories, reduceStore } from '../../../../extension/state/storeState.ts';
import { anEnvironment, anOpenState, aPromotion, aRepository } from '../../../builders/views.ts';

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

  it('keeps what it knows of folders that stay', () => {
    const before = anOpenState();
    const { state } = reduceStore(before, { type: 'foldersChanged', folders: ['/work/kosmos', '/work/new'] });
    assert.deepEqual(state.folders, [
      { folder: '/work/kosmos', repositoryId: 'repository' },
      { folder: '/work/new' },
    ]);
  });
});
