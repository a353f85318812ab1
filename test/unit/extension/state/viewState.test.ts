import assert from 'node:assert/strict';
import type { StoreAction } from '../../../../extension/state/storeState.ts';
import { decideProblem, decideViewState } from '../../../../extension/state/viewState.ts';
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

  it('P-09f P-09r says that a tool is missing before it asks to connect, and never in place of a live tree', () => {
    const missing = (name: string): StoreAction => ({
      type: 'toolsChecked',
      problems: [{ name, code: 'toolMissing', message: 'It is missing.', next: 'Install it.' }],
    });
    const unconnected = aRepository({ environments: [notConnected] });
    assert.equal(decideViewState(anOpenState(unconnected, missing('helm'))), 'toolMissing');
    assert.equal(decideProblem(anOpenState(unconnected, missing('helm'))), 'toolMissing.helm');
    assert.equal(decideViewState(anOpenState(aRepository(), missing('helm'))), 'ready');
    const { trust } = aRepository();
    const untrusted = aRepository({ trust: { ...trust, state: 'untrusted' }, environments: [notConnected] });
    assert.equal(decideViewState(anOpenState(untrusted, missing('helm'))), 'untrusted');
    assert.equal(decideViewState(aStoreState(connected, folder, failed('toolMissing'))), 'toolMissing');
    assert.equal(decideProblem(aStoreState(connected, folder, failed('toolMissing'))), 'toolMissing');
  });

  it('P-09o P-09q names the error that keeps the daemon away, so that the welcome text fits it', () => {
    for (const code of ['storeTooNew', 'storeFailed', 'daemonNotStarted']) {
      const gone: StoreAction = {
        type: 'daemonChanged',
        daemon: { state: 'disconnected', code, reason: 'r', next: 'n', since: '2026-11-23T14:00:00.000Z' },
      };
      assert.equal(decideProblem(aStoreState(folder, gone)), code);
    }
    assert.equal(decideProblem(anOpenState()), '');
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

  it('P-09v says of a procedure that is elsewhere what is wrong with it, whatever else is', () => {
    const missing = (kind: 'name' | 'folder') =>
      aRepository({ procedure: 'missing', environments: [], misplaced: { path: 'x', kind } });
    const helm: StoreAction = {
      type: 'toolsChecked',
      problems: [{ name: 'helm', code: 'toolMissing', message: 'It is missing.', next: 'Install it.' }],
    };
    assert.equal(decideViewState(anOpenState(missing('name'))), 'noProcedure');
    assert.equal(decideProblem(anOpenState(missing('name'), helm)), 'misnamed');
    assert.equal(decideProblem(anOpenState(missing('folder'))), 'misplaced');
  });

  it('asks to mend a file from which nothing can be read', () => {
    const repository = aRepository({ procedure: 'invalid', environments: [] });
    assert.equal(decideViewState(anOpenState(repository)), 'invalid');
  });
});
