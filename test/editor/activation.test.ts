import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openExtension, waitForState } from './extensionUnderTest.ts';

describe('the extension in the editor', () => {
  it('activates by itself in a folder with a slipway.yaml', async () => {
    const extension = vscode.extensions.getExtension('slipway.slipway');
    assert.ok(extension);
    await waitForActive(extension);
  });

  it('registers every command that package.json declares', async () => {
    await openExtension();
    const manifest = vscode.extensions.getExtension('slipway.slipway')?.packageJSON as {
      readonly contributes: { readonly commands: readonly { readonly command: string }[] };
    };
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands
      .map(({ command }) => command)
      .filter(id => !registered.has(id));
    assert.deepEqual(missing, []);
  });

  it('starts the daemon and connects to it', async () => {
    const state = await waitForState('the daemon', ({ daemon }) => daemon.state === 'connected');
    assert.ok(state.daemon.state === 'connected' && state.daemon.person.length > 0);
  });
});

async function waitForActive(extension: vscode.Extension<unknown>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!extension.isActive) {
    assert.ok(Date.now() < deadline, 'it is still not active after 20 s');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
