import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { NotificationName } from '../../../../daemon/protocol/messages.ts';
import type { RepositoryView } from '../../../../daemon/protocol/repository.ts';
import { DaemonFeed, type FeedConnection } from '../../../../extension/state/daemonFeed.ts';
import type { DaemonState } from '../../../../extension/state/daemonState.ts';
import { ReleaseStore } from '../../../../extension/state/releaseStore.ts';
import { decideViewState } from '../../../../extension/state/viewState.ts';
import { anEnvironment, aPromotion, aRepository } from '../../../builders/views.ts';

const connected: DaemonState = { state: 'connected', person: 'alice', host: 'vm', version: '0.1.0' };

/** A connection whose other end is the test. */
function openConnection() {
  const listeners = new Map<NotificationName, (params: never) => void>();
  const opened: string[] = [];
  let state: DaemonState = { state: 'starting' };
  let onState: (state: DaemonState) => void = () => {};
  let onReopened: (repository: RepositoryView) => void = () => {};
  const connection = {
    get state() {
      return state;
    },
    onDidChangeState: (listener: (state: DaemonState) => void) => {
      onState = listener;
      return () => {};
    },
    on: (name: NotificationName, listener: (params: never) => void) => {
      listeners.set(name, listener);
      return () => listeners.delete(name);
    },
    onReopened: (listener: (repository: RepositoryView) => void) => {
      onReopened = listener;
    },
    openRepository: async (folder: string) => {
      opened.push(folder);
      if (folder === '/work/none') {
        throw Object.assign(new Error('it is no repository'), { code: 'noRepository', next: 'Open one.' });
      }
      return aRepository({ id: folder, folder });
    },
    request: () => Promise.reject(new Error('not used')),
  } as unknown as FeedConnection;
  return {
    connection,
    opened,
    setState: async (next: DaemonState) => {
      state = next;
      onState(next);
      await turn();
    },
    reopen: (repository: RepositoryView) => onReopened(repository),
    notify: (name: NotificationName, params: unknown) => listeners.get(name)?.(params as never),
  };
}

function begin() {
  const store = new ReleaseStore(error => {
    throw error;
  });
  const wire = openConnection();
  const feed = new DaemonFeed(wire.connection, store);
  return { ...wire, store, feed };
}

describe('the feed from the daemon', () => {
  it('opens the folders once the daemon answers', async () => {
    const test = begin();
    test.feed.openFolders(['/work/kosmos']);
    assert.deepEqual(test.opened, []);
    await test.setState(connected);
    assert.deepEqual(test.opened, ['/work/kosmos']);
    assert.equal(test.store.state.repositories.get('/work/kosmos')?.name, 'kosmos');
  });

  it('keeps why a folder could not be opened, and opens it when asked again', async () => {
    const test = begin();
    await test.setState(connected);
    test.feed.openFolders(['/work/none']);
    await turn();
    assert.equal(test.store.state.folders[0]?.problem?.code, 'noRepository');
    assert.equal(decideViewState(test.store.state), 'noRepository');
    await test.feed.openMissing();
    assert.deepEqual(test.opened, ['/work/none', '/work/none']);
  });

  it('does not open again what is open', async () => {
    const test = begin();
    await test.setState(connected);
    test.feed.openFolders(['/work/kosmos']);
    await turn();
    test.feed.openFolders(['/work/kosmos', '/work/other']);
    await turn();
    assert.deepEqual(test.opened, ['/work/kosmos', '/work/other']);
  });

  it('takes what the daemon sends, in its order', async () => {
    const test = begin();
    await test.setState(connected);
    test.feed.openFolders(['/work/kosmos']);
    await turn();
    const repositoryId = '/work/kosmos';
    test.notify('environment.changed', { repositoryId, environment: anEnvironment({ health: 'fail' }) });
    assert.equal(test.store.state.repositories.get(repositoryId)?.environments[0]?.health, 'fail');
    const plan = { ...aPromotion().plan, repositoryId };
    test.notify('promotion.changed', { sequence: 7, promotion: aPromotion({ plan }) });
    assert.equal(test.store.state.repositories.get(repositoryId)?.promotions.length, 1);
    test.notify('repository.changed', { repository: aRepository({ id: repositoryId, promotions: [] }) });
    assert.equal(test.store.state.repositories.get(repositoryId)?.promotions.length, 0);
  });

  it('takes a repository’s whole state when the connection comes back', async () => {
    const test = begin();
    await test.setState(connected);
    test.feed.openFolders(['/work/kosmos']);
    await turn();
    await test.setState({ state: 'reconnecting', reason: 'gone', since: '2026-11-23T14:00:00.000Z' });
    test.reopen(aRepository({ id: '/work/kosmos', promotions: [aPromotion()] }));
    assert.equal(test.store.state.repositories.get('/work/kosmos')?.promotions.length, 1);
  });
});
