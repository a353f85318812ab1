import * as vscode from 'vscode';
import type { Params } from '../daemon/protocol/messages.ts';
import type { DaemonRequests } from './state/daemonPort.ts';
import type { ReleaseStore } from './state/releaseStore.ts';
import { checkTools } from './state/toolCheck.ts';

/** Tells the daemon what the machine's settings say, at each connection and at each change. */
export function registerSettings(parts: {
  readonly store: ReleaseStore;
  readonly daemon: DaemonRequests;
  /** Opens the folders that could not be opened: perhaps for want of a git that the settings name. */
  readonly openMissing: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}): vscode.Disposable {
  const send = () => {
    if (parts.store.state.daemon.state === 'connected') {
      parts.daemon
        .request('setup.configure', readSettings())
        .then(() => Promise.all([checkTools(parts), parts.openMissing()]))
        .catch(parts.onError);
    }
  };
  send();
  const stop = parts.store.onDidChange(changed => {
    if (changed.has('daemon')) {
      send();
    }
  });
  const changes = vscode.workspace.onDidChangeConfiguration(event => {
    if (event.affectsConfiguration('slipway')) {
      send();
    }
  });
  return vscode.Disposable.from(changes, { dispose: stop });
}

function readSettings(): Params<'setup.configure'> {
  const settings = vscode.workspace.getConfiguration('slipway');
  const tools = ['helm', 'kubectl', 'git'].map(name => [name, settings.get(`tools.${name}`, '')] as const);
  return { tools: Object.fromEntries(tools), kubeconfig: settings.get('kubeconfig', '') };
}
