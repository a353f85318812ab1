import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { buildPlanPlace } from '../../extension/state/documentPaths.ts';
import type { ReleaseStore } from '../../extension/state/releaseStore.ts';
import { aHoldingGate, aPlan } from '../builders/plan.ts';
import { aRepository } from '../builders/views.ts';
import { openExtension, waitForState } from './extensionUnderTest.ts';
import { clearMessages, runForMessage } from './windowMessages.ts';

const folder = '/somewhere/kosmos';
const nothingToDo = [
  ['slipway.acceptMovedTag', 'No tag was moved.'],
  ['slipway.repairEnvironment', 'No Helm release is left in the middle.'],
  ['slipway.connectAllEnvironments', 'Every environment is connected already.'],
] as const;

describe('the messages of the window', () => {
  let store: ReleaseStore;

  before(async () => {
    ({ store } = await openExtension());
    await waitForState('the daemon', ({ daemon }) => daemon.state === 'connected');
    store.apply({ type: 'foldersChanged', folders: [folder] });
    store.apply({ type: 'folderOpened', folder, repository: aRepository({ folder }) });
  });
  after(clearMessages);

  for (const [command, message] of nothingToDo) {
    it(`P-16s say that there is nothing to do, and offer nothing: ${command}`, async () => {
      assert.deepEqual(await runForMessage(command), { message, buttons: [] });
    });
  }

  it('P-15b P-16r say why the plan in front is held, with the way to its checklist, when it is started from the palette', async () => {
    store.apply({ type: 'planned', plan: aPlan({ gates: [aHoldingGate()] }) });
    const uri = vscode.Uri.from(buildPlanPlace({ id: 'p-1', title: 'Plan v2.1.0 \u2192 staging' }));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    // As the palette does: without a word about which plan is meant.
    assert.deepEqual(await runForMessage('slipway.startPromotion'), {
      message: 'v2.1.0 cannot go to staging now. It never ran in staging. Promote v2.1.0 to staging.',
      buttons: ['Show Checklist'],
    });
  });
});
