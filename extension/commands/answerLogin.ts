import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Login } from '../../daemon/protocol/login.ts';
import { findLink, findQuestion } from '../loginWords.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';
import { type PickItem, pickOne } from './pickStep.ts';

type Deed = 'open' | 'copy' | 'answer' | 'stop';

/** Shows what a credential plugin waits for, and does what the person picks: open its link, answer it, or stop it. */
export async function answerLogin(context: CommandContext, target: ItemTarget): Promise<void> {
  const { t } = context.words;
  const login = await pickLogin(context, target);
  if (!login) {
    return;
  }
  const deed = await pickOne<Deed>({
    title: t('Login: {0}', basename(login.command)),
    placeholder: findQuestion(login.said) ?? t('It has written nothing; it may wait for a browser'),
    items: buildDeeds(login, context),
  });
  switch (deed) {
    case 'open':
      await vscode.env.openExternal(vscode.Uri.parse(findLink(login.said) ?? '', true));
      return;
    case 'copy':
      await vscode.env.clipboard.writeText(login.said);
      return;
    case 'answer':
      await typeAnswer(context, login);
      return;
    case 'stop':
      await context.daemon.request('login.cancel', { id: login.id });
      return;
    case undefined:
      return;
  }
}

async function pickLogin({ store, words }: CommandContext, target: ItemTarget): Promise<Login | undefined> {
  const logins = [...store.state.logins.values()];
  const named = logins.find(({ id }) => id === target.loginId);
  const [only] = logins;
  if (!only) {
    throw new CommandFailure('noLogin', words.t('No login waits for you.'), undefined);
  }
  if (named ?? logins.length === 1) {
    return named ?? only;
  }
  return pickOne({
    title: words.t('Login'),
    placeholder: words.t('Which one?'),
    items: logins.map(login => ({
      label: basename(login.command),
      description: login.server,
      detail: findQuestion(login.said) ?? '',
      value: login,
    })),
  });
}

function buildDeeds(login: Login, { words }: CommandContext): readonly PickItem<Deed>[] {
  const { t } = words;
  const link = findLink(login.said);
  const open = { label: t('$(link-external) Open {0}', link ?? ''), value: 'open' as const };
  const answer = { label: t('$(edit) Type an answer...'), value: 'answer' as const };
  const first = login.asks ? [answer, ...(link ? [open] : [])] : [...(link ? [open] : []), answer];
  return [
    ...first,
    ...(login.said === ''
      ? []
      : [{ label: t('$(copy) Copy what it wrote'), detail: login.said, value: 'copy' as const }]),
    { label: t('$(debug-stop) Stop it'), description: login.command, value: 'stop' },
  ];
}

async function typeAnswer({ daemon, words }: CommandContext, login: Login): Promise<void> {
  const question = findQuestion(login.said) ?? '';
  const answer = await vscode.window.showInputBox({
    title: words.t('Login: {0}', basename(login.command)),
    prompt: question,
    password: /passw|passphrase|secret|token|pin\b|code/i.test(question),
    ignoreFocusOut: true,
  });
  if (answer !== undefined) {
    await daemon.request('login.answer', { id: login.id, answer });
  }
}
