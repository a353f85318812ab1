import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Extension } from '../../extension/extension.ts';
import type { StoreState } from '../../extension/state/storeState.ts';

/** The extension, activated. */
export async function openExtension(): Promise<Extension> {
  const extension = vscode.extensions.getExtension<Extension>('slipway.slipway');
  assert.ok(extension, 'the extension is not installed in this editor');
  return extension.activate();
}

/** Waits until the store is as wanted; rejects after 20 s with what it was waiting for. */
export async function waitForState(
  what: string,
  wanted: (state: StoreState) => boolean,
): Promise<StoreState> {
  const { store } = await openExtension();
  if (wanted(store.state)) {
    return store.state;
  }
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`Waited 20 s in vain for ${what}: ${JSON.stringify(describe(store.state))}`));
    }, 20_000);
    const stop = store.onDidChange(() => {
      if (wanted(store.state)) {
        clearTimeout(timer);
        stop();
        resolve(store.state);
      }
    });
  });
}

/** Asks again until a check passes; rejects after 15 s with its last failure. */
export async function waitUntil<T>(check: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
}

function describe(state: StoreState): unknown {
  return { daemon: state.daemon, folders: state.folders };
}
