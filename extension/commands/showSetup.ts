import * as vscode from 'vscode';
import { buildSetupPlace } from '../state/documentPaths.ts';
import type { CommandContext } from './commandContext.ts';

/** Tools are asked for their versions, and a login shell may have to be read first. */
const setupMs = 60_000;

/**
 * Shows which daemon, tools, PATH, kubeconfigs, proxies and store Slipway uses, and where each came from; without a
 * daemon, what is known here.
 */
export async function showSetup({ daemon, store, words }: CommandContext): Promise<void> {
  if (store.state.daemon.state === 'connected') {
    store.apply({
      type: 'setupRead',
      setup: await daemon.request('setup.show', {}, { timeoutMs: setupMs }),
    });
  }
  await vscode.window.showTextDocument(vscode.Uri.from(buildSetupPlace(words.t('Setup'))));
}
