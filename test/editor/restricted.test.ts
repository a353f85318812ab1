import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { send } from './bridgeClient.ts';
import { collectDiagnostics } from './collectDiagnostics.ts';
import { openExtension, waitForState, waitUntil } from './extensionUnderTest.ts';
import { readCalls } from './recordTools.ts';
import { clearMessages, runForMessage } from './windowMessages.ts';

/** What may run in Restricted Mode: it starts nothing and reads nothing of the folder. */
const harmless = [
  'slipway.showLog',
  'slipway.showSetup',
  'slipway.openSettings',
  'slipway.collectDiagnostics',
];

describe('a folder that nobody has trusted', () => {
  before(function () {
    if (vscode.workspace.isTrusted) {
      // A desktop editor may be started with Workspace Trust switched off; run.ts switches it on, and its ids then count.
      this.skip();
    }
  });

  after(async () => {
    if (!vscode.workspace.isTrusted) {
      await trust();
    }
  });

  it('P-10a makes Slipway start nothing: no daemon, no tool, no process at all', async () => {
    const { store } = await openExtension();
    await waitUntil(async () => {
      assert.match(String(await send('look/welcome', '')), /Restricted Mode/);
    });
    await send('look/screenshot', 'restricted');
    // Every way to look at the folder, and the text of a procedure that could be checked.
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const procedure = vscode.Uri.joinPath(folder.uri, 'slipway.yaml');
    const editor = await vscode.window.showTextDocument(procedure);
    await editor.edit(edit => edit.insert(new vscode.Position(0, 0), 'relases: {}\n'));
    await new Promise(resolve => setTimeout(resolve, 1_000));
    await vscode.commands.executeCommand('undo');
    assertNothingStarted(await readCalls(process.env));
    assert.deepEqual(store.state.folders, []);
  });

  it('P-10b refuses every command that could start something, and says the way out', async function () {
    this.timeout(120_000);
    for (const command of listCommands().filter(id => !harmless.includes(id))) {
      const refusal = await runForMessage(command);
      assert.match(refusal.message, /This window is in Restricted Mode\. Trust the workspace first\./);
      assert.deepEqual(refusal.buttons, ['Manage Workspace Trust'], command);
    }
    await clearMessages();
    assertNothingStarted(await readCalls(process.env));
  });

  it('P-10f lets diagnostics be collected without a daemon', async () => {
    const text = await collectDiagnostics(/"trusted": false/);
    assert.match(text, /"problem": "disconnected"/);
    assert.match(text, /No daemon answered/);
    assertNothingStarted(await readCalls(process.env));
  });

  it('P-10b is shown with its daemon and its releases as soon as it is trusted', async () => {
    await trust();
    await waitForState('the daemon', ({ daemon }) => daemon.state === 'connected');
    await waitForState('the repository', ({ folders }) => folders.some(folder => folder.repositoryId));
    assert.ok((await readCalls(process.env)).some(call => call.startsWith('git ')));
  });
});

async function trust(): Promise<void> {
  await vscode.commands.executeCommand('workbench.trust.manage');
  await send('look/trust', '');
  await waitUntil(async () => assert.ok(vscode.workspace.isTrusted, 'the folder is still not trusted'));
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

function listCommands(): readonly string[] {
  const manifest = vscode.extensions.getExtension('slipway.slipway')?.packageJSON as {
    readonly contributes: { readonly commands: readonly { readonly command: string }[] };
  };
  return manifest.contributes.commands.map(({ command }) => command);
}

function assertNothingStarted(calls: readonly string[]): void {
  assert.deepEqual(calls, []);
  const home = process.env['SLIPWAY_HOME'] ?? '';
  assert.deepEqual(readdirSync(home), [], 'the daemon was there');
  assert.deepEqual(listStrangers(process.pid), []);
}

/** The command lines of this process's children that are not the editor's own. */
function listStrangers(parent: number): readonly string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return status.includes(`\nPPid:\t${parent}\n`) && !isOfEditor(command) ? [command] : [];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

function isOfEditor(command: string): boolean {
  // The second is how the editor looks, now and then, for ports that it could forward.
  return command.includes('/code-server/') || /^\/bin\/sh -c ls -l \/proc\/\[0-9\]\*\/fd\//.test(command);
}
