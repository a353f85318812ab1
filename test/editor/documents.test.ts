import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { buildPlanPlace } from '../../extension/state/documentPaths.ts';
import { aHoldingGate, aPlan } from '../builders/plan.ts';
import { send } from './bridgeClient.ts';
import { openExtension, waitUntil } from './extensionUnderTest.ts';

describe('the document of a plan', () => {
  it('opens read-only with the plan’s text', async () => {
    const { store } = await openExtension();
    store.apply({ type: 'planned', plan: aPlan() });
    const uri = vscode.Uri.from(buildPlanPlace({ id: 'p-1', title: 'Plan v2.1.0 \u2192 staging' }));
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    assert.match(document.getText(), /^# Plan: v2\.1\.0 \u2192 staging\n/);
    assert.equal(document.languageId, 'markdown');
    const before = document.getText();
    await vscode.commands.executeCommand('type', { text: 'changed' });
    assert.equal(document.getText(), before);
    assert.equal(document.isDirty, false);
  });

  it('offers to start it and to see its diffs', async () => {
    await waitUntil(async () => {
      const titles = (await send('look/lenses', '')) as readonly string[];
      assert.deepEqual(
        titles.map(title => title.trim()),
        ['Start Promotion', 'Diff against Helm\u2019s stored manifest', 'Diff against the live cluster'],
      );
    });
    await send('look/screenshot', 'plan');
  });

  it('offers no start while a gate holds it', async () => {
    const { store } = await openExtension();
    store.apply({ type: 'planned', plan: aPlan({ gates: [aHoldingGate()] }) });
    await waitUntil(async () => {
      const titles = (await send('look/lenses', '')) as readonly string[];
      assert.ok(!titles.some(title => title.includes('Start Promotion')), titles.join());
      assert.ok(
        titles.some(title => title.includes('Held back')),
        titles.join(),
      );
    });
  });
});
