import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openExtension, waitForState, waitUntil } from './extensionUnderTest.ts';

describe('slipway.yaml in the editor', () => {
  let uri: vscode.Uri;

  before(async () => {
    await openExtension();
    await waitForState('the daemon', ({ daemon }) => daemon.state === 'connected');
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    uri = vscode.Uri.joinPath(folder.uri, 'slipway.yaml');
  });

  it('L-11c has its faults in Problems with line and column, while it is written', async () => {
    const editor = await vscode.window.showTextDocument(uri);
    assert.deepEqual(vscode.languages.getDiagnostics(uri), []);
    const line = editor.document
      .getText()
      .split('\n')
      .findIndex(text => text.startsWith('releases:'));
    await editor.edit(edit => edit.insert(new vscode.Position(line, 0), 'relases: {}\n'));
    const [found] = await waitUntil(async () => {
      const diagnostics = vscode.languages.getDiagnostics(uri);
      assert.ok(diagnostics.length > 0, 'nothing in Problems');
      return diagnostics;
    });
    assert.equal(found?.source, 'Slipway');
    assert.equal(found?.range.start.line, line);
    assert.equal(found?.range.start.character, 0);
    assert.match(found?.message ?? '', /did you mean/i);
    await vscode.commands.executeCommand('undo');
    await waitUntil(async () => assert.deepEqual(vscode.languages.getDiagnostics(uri), []));
  });

  it('L-14a offers to promote beside each environment', async () => {
    await vscode.window.showTextDocument(uri);
    await waitUntil(async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        uri,
        10,
      );
      const titles = lenses.map(({ command }) => command?.title.replace(/^\$\(\w+\) /, ''));
      for (const name of ['development', 'staging', 'production']) {
        assert.ok(titles.includes(`Promote to ${name}...`), titles.join());
      }
      assert.ok(lenses.every(({ command }) => command?.command === 'slipway.promoteRelease'));
    });
  });
});
