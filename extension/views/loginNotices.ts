import * as vscode from 'vscode';
import type { Login } from '../../daemon/protocol/login.ts';
import { findLink } from '../loginWords.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import type { Words } from '../words.ts';
import { buildLoginSentence } from './loginSentence.ts';

/** Tells once that a credential plugin waits for a person, with what it wrote and what can be done. */
export function registerLoginNotices(parts: {
  readonly store: ReleaseStore;
  readonly words: Words;
}): vscode.Disposable {
  const { store, words } = parts;
  const told = new Set<string>();
  const update = () => {
    for (const login of store.state.logins.values()) {
      if (!told.has(login.id)) {
        told.add(login.id);
        void showLogin(login, words);
      }
    }
  };
  return { dispose: store.onDidChange(changed => changed.has('logins') && update()) };
}

async function showLogin(login: Login, words: Words): Promise<void> {
  const { t } = words;
  const open = t('Open Link');
  const answer = t('Answer...');
  const link = findLink(login.said);
  const buttons = login.asks || !link ? [answer] : [open, answer];
  const choice = await vscode.window.showWarningMessage(buildLoginSentence(login, words), ...buttons);
  if (choice === open && link) {
    await vscode.env.openExternal(vscode.Uri.parse(link, true));
  } else if (choice === answer) {
    await vscode.commands.executeCommand('slipway.answerLogin', { loginId: login.id });
  }
}
