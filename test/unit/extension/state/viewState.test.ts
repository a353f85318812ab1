import assert from 'node:assert/strict';
import type { StoreAction } from '../../../../extension/state/storeState.ts';
import { decideViewState } from '../../../../extension/state/viewState.ts';
import { anEnvironment, anOpenState, aPromotion, aRepository, aStoreState } from '../../../builders/views.ts';

const connected: StoreAction = {
  type: 'daemonChanged',
  daemon: { state: 'connected', person: 'alice', host: 'vm', version: '0.1.0' },
};
const folder: StoreAction = { type: 'foldersChanged', folders: ['/work/kosmos'] };
const failed = (code: string): StoreAction => ({
  type: 'folderFailed',
  folder: '/work/kosmos',
  problem: { code, message: 'it failed', details: {} },
});
const notConnected = anEnvironment({ connection: { state: 'notConnected' }, running: [] });

describe('the state of the Releases view', () => {
  it('asks for a folder first', () => {
    assert.equal(decideViewState(aStoreState(connected)), 'noFolder');
  });

  it('says that it is reading until there is an answer', () => {
    assert.equal(decideViewState(aStoreState(folder)), 'starting');
    assert.equal(decideViewState(aStoreState(folder, connected)), 'starting');
  });

  it('says that the daemon does not answer', () => {
    const gone: StoreAction = {
      type: 'daemonChanged',
      daemon: {
        state: 'disconnected',
        code: 'daemonNotStarted',
        reason: 'r',
        next: 'n',
        since: '2026-11-23T14:00:00.000Z',
      },
    };
    assert.equal(decideViewState(aStoreState(folder, gone)), 'disconnected');
  });

  it('keeps the tree when the daemon goes away after it has answered', () => {
    const gone: StoreAction = {
      type: 'daemonChanged',
      daemon: {
        state: 'disconnected',
        code: 'daemonNotStarted',
        reason: 'r',
        next: 'n',
        since: '2026-11-23T14:00:00.000Z',
      },
    };
    assert.equal(decideViewState(anOpenState(aRepository(), gone)), 'ready');
  });

  for (const [code, expected] of [
    ['noRepository', 'noRepository'],
    ['noProcedure', 'noProcedure'],
    ['storeFailed', 'failed'],
  ] as const) {
    it(`says ${expected} when the folder failed with ${code}`, () => {
      assert.equal(decideViewState(aStoreState(connected, folder, failed(code))), expected);
    });
  }

  it('asks for trust before anything is contacted', () => {
    const { trust } = aRepository();
    const repository = aRepository({ trust: { ...trust, state: 'untrusted' }, environments: [notConnected] });
    assert.equal(decideViewState(anOpenState(repository)), 'untrusted');
  });

  it('asks to connect while no environment is connected', () => {
    assert.equal(decideViewState(anOpenState(aRepository({ environments: [notConnected] }))), 'notConnected');
  });

  it('shows the tree as soon as one environment is connected, or a promotion is known', () => {
    const one = aRepository({ environments: [notConnected, anEnvironment({ name: 'production' })] });
    assert.equal(decideViewState(anOpenState(one)), 'ready');
    const other = aRepository({ environments: [notConnected], promotions: [aPromotion()] });
    assert.equal(decideViewState(anOpenState(other)), 'ready');
  });

  it('asks to mend a file from which nothing can be read', () => {
    const repository = aRepository({ procedure: 'invalid', environments: [] });
    assert.equal(decideViewState(anOpenState(repository)), 'invalid');
  });
});
