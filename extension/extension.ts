import * as vscode from 'vscode';
import { buildFailureActions } from './commands/failureActions.ts';
import { registerCommands } from './commands/registerCommands.ts';
import { buildDaemonReads } from './daemonReads.ts';
import { registerFolders } from './folders.ts';
import { openLog } from './log.ts';
import { registerLogPanels } from './logPanels.ts';
import { registerChecklistView } from './panels/registerChecklistView.ts';
import { registerSettings } from './settings.ts';
import { ChecklistModel } from './state/checklistModel.ts';
import { DaemonFeed } from './state/daemonFeed.ts';
import { DaemonLink } from './state/daemonLink.ts';
import { ReleaseStore } from './state/releaseStore.ts';
import { TextDocuments } from './state/textDocuments.ts';
import { buildSupport } from './support.ts';
import { OutputChannels } from './views/outputChannels.ts';
import { registerViews } from './views/registerViews.ts';
import { whenTrusted } from './whenTrusted.ts';
import { buildWords } from './words.ts';

/** What the tests of the editor look at. */
export type Extension = {
  readonly store: ReleaseStore;
  readonly texts: TextDocuments;
  readonly link: DaemonLink;
  readonly checklist: ChecklistModel;
};

/** Builds the parts and registers them; each is disposed before what it needs, the log last. */
export function activate(context: vscode.ExtensionContext): Extension {
  const own = <T extends { dispose(): unknown }>(part: T): T => {
    context.subscriptions.unshift(part);
    return part;
  };
  const log = own(openLog());
  const words = buildWords({ translate: vscode.l10n.t, language: vscode.env.language });
  const store = new ReleaseStore(log.error);
  const texts = new TextDocuments(log.error);
  const link = own(new DaemonLink({ log: log.info, onError: log.error }));
  const feed = own(new DaemonFeed(link, store));
  const memento = context.workspaceState;
  const checklist = own(new ChecklistModel({ daemon: link, store, memento, onError: log.error }));
  const outputs = own(new OutputChannels({ daemon: link, store, words }));
  // What needs the schemas is loaded at first use: activation must stay quick.
  const connectionPart = () => import('./state/openConnection.ts');
  const support = buildSupport({ context, log, connectionPart });

  own(
    registerViews({
      store,
      texts,
      words,
      memento,
      onSelected: target => checklist.select(target),
      ...buildDaemonReads(store, link),
    }),
  );
  const { extensionPath } = context;
  const failureActions = (code: string) => buildFailureActions(code, words.t);
  own(registerChecklistView({ store, checklist, words, extensionPath, failureActions, log: log.info }));
  const openMissing = () => feed.openMissing();
  own(registerSettings({ store, daemon: link, openMissing, onError: log.error }));
  const panels = { extensionPath, daemon: link, store, texts, words, onError: log.error };
  const logs = own(registerLogPanels(panels));
  own(registerCommands({ store, texts, words, daemon: link, checklist, feed, outputs, logs, ...support }));
  own(registerFolders(feed));

  const version = String(context.extension.packageJSON.version);
  const programSource = context.asAbsolutePath('dist/daemon.cjs');
  const options = { version, programSource, log: log.info };
  const connect = async () => (await connectionPart()).openConnection(options);
  own(whenTrusted(() => void link.start(connect)));
  return { store, texts, link, checklist };
}
