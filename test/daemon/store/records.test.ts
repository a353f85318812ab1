import assert from 'node:assert/strict';
import { buildDigest } from '../../../daemon/model/digest.ts';
import type { Store } from '../../../daemon/store/store.ts';
import { TemporaryStore } from './temporaryStore.ts';

describe('the records', () => {
  let home: TemporaryStore;
  let store: Store;
  beforeEach(() => {
    home = new TemporaryStore();
    store = home.open();
  });
  afterEach(() => home.dispose());

  const journalled = () =>
    store.journal.read({ since: 0, limit: 99 }).events.map(({ type, payload }) => ({ type, payload }));

  it('keep the trust in a repository and journal it', () => {
    const commands = [
      ['./scripts/backup.sh', '--all'],
      ['npm', 'test'],
    ];
    const said = {
      repositoryId: 'r',
      commandsDigest: buildDigest(commands),
      commands,
      person: 'alice',
    };
    assert.equal(store.records.trust.get('r'), undefined);
    const trust = store.records.trust.set(said);
    assert.deepEqual(trust, { ...said, at: '2026-01-01T00:00:00.000Z' });
    assert.deepEqual(home.open().records.trust.get('r'), trust);
    assert.deepEqual(journalled(), [{ type: 'repository.trusted', payload: said }]);
  });

  it('keep consents and journal them without private paths', () => {
    const consent = {
      repositoryId: 'r',
      environment: 'staging',
      context: 'kosmos-staging',
      kubeconfigs: ['/home/alice/.kube/config'],
      clusterId: 'uid',
      server: 'https://127.0.0.1:6443',
      person: 'alice',
    };
    const { clusterId: _, ...unknownCluster } = { ...consent, environment: 'production' };
    const connection = store.records.connections.set(consent);
    const other = store.records.connections.set(unknownCluster);
    assert.deepEqual(store.records.connections.get('r', 'staging'), connection);
    assert.deepEqual(store.records.connections.list('r'), [other, connection]);
    const by = { repositoryId: 'r', environment: 'staging', person: 'bob' };
    store.records.connections.withdraw(by);
    store.records.connections.withdraw(by);
    assert.equal(store.records.connections.get('r', 'staging'), undefined);
    assert.deepEqual(
      journalled().map(event => event.type),
      ['environment.connected', 'environment.connected', 'environment.disconnected'],
    );
    assert.ok(!JSON.stringify(journalled()).includes('/home/alice'));
  });

  it('keep where a tag was first seen, and where a person accepted that it moved', () => {
    const seen = store.records.tags.see('r', [{ tag: 'v1', commit: 'a' }]);
    assert.deepEqual(seen, [{ tag: 'v1', commit: 'a', firstSeen: '2026-01-01T00:00:00.000Z' }]);
    home.now = new Date('2026-01-02T00:00:00.000Z');
    const again = store.records.tags.see('r', [
      { tag: 'v1', commit: 'b' },
      { tag: 'v2', commit: 'c' },
    ]);
    assert.deepEqual(
      again.map(({ tag, commit }) => ({ tag, commit })),
      [
        { tag: 'v1', commit: 'a' },
        { tag: 'v2', commit: 'c' },
      ],
    );
    assert.equal(store.journal.head().sequence, 0);
    store.records.tags.acceptMove({ repositoryId: 'r', tag: 'v1', commit: 'b', person: 'alice' });
    store.records.tags.acceptMove({ repositoryId: 'r', tag: 'v1', commit: 'b', person: 'alice' });
    assert.equal(store.records.tags.list('r')[0]?.commit, 'b');
    const payload = { repositoryId: 'r', tag: 'v1', from: 'a', to: 'b', person: 'alice' };
    assert.deepEqual(journalled(), [{ type: 'release.tagMoveAccepted', payload }]);
    assert.deepEqual(store.records.tags.list('other'), []);
  });
});
