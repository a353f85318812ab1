import * as vscode from 'vscode';
import { registerCommands } from './commands/registerCommands.ts';
import { buildDaemonReads } from './daemonReads.ts';
import { registerFolders } from './folders.ts';
import { openLog } from './log.ts';
import { registerSettings } from './settings.ts';
import { loadComparisons } from './state/comparisons.ts';
import { DaemonFeed } from './state/daemonFeed.ts';
import { DaemonLink } from './state/daemonLink.ts';
import { ReleaseStore } from './state/releaseStore.ts';
import { TextDocuments } from './state/textDocuments.ts';
import { registerActivityTree } from './views/activityTree.ts';
import { registerContextKeys } from './views/contextKeys.ts';
import { registerNotifications } from './views/notifications.ts';
import { OutputChannels } from './views/outputChannels.ts';
import { registerPlanLenses } from './views/planLenses.ts';
import { registerProcedureFiles } from './views/procedureFiles.ts';
import { registerReleasesTree } from './views/releasesTree.ts';
import { registerStatusBar } from './views/statusBar.ts';
import { registerVirtualDocuments } from './views/virtualDocuments.ts';
import { buildWords } from './words.ts';

/** What the tests of the editor look at. */
export type Extension = { readonly store: ReleaseStore; readonly link: DaemonLink };

/** Builds the parts and registers them; they are disposed in reverse order, the log last. */
export function activate(context: vscode.ExtensionContext): Extension {
  const own = <T extends { dispose(): unknown }>(part: T): T => {
    context.subscriptions.unshift(part);
    return part;
  };
  const log = own(openLog());
  const words = buildWords({
    translate: vscode.l10n.t,
    language: vscode.env.language,
    now: () => new Date(),
  });
  const store = new ReleaseStore(log.error);
  const texts = new TextDocuments(log.error);
  const link = own(new DaemonLink({ now: () => new Date().toISOString(), onError: log.error }));
  link.onDidChangeState(state => log.info(`daemon: ${JSON.stringify(state)}`));
  const feed = own(new DaemonFeed(link, store));
  const reads = buildDaemonReads(link);
  const outputs = own(new OutputChannels({ daemon: link, store, words }));
  const connectionPart = () => import('./state/openConnection.ts');

  own(registerContextKeys(store));
  own(
    registerReleasesTree({
      store,
      words,
      loadRelease: release => void loadComparisons({ store, daemon: link }, release),
    }),
  );
  own(registerActivityTree({ store, words }));
  own(registerStatusBar({ store, words }));
  own(
    registerVirtualDocuments({ store, texts, words, readPlanText: reads.planText, readEvents: reads.events }),
  );
  own(registerPlanLenses({ store, words }));
  own(registerProcedureFiles({ store, words, check: reads.check }));
  own(registerNotifications({ store, words, memento: context.workspaceState }));
  own(registerSettings({ store, daemon: link, onError: log.error }));
  own(
    registerCommands({
      store,
      daemon: link,
      texts,
      words,
      showOutput: promotionId => outputs.show(promotionId),
      showLog: () => log.show(async () => (await connectionPart()).findDaemonLog()),
      restartDaemon: () => link.restart(),
      openMissing: () => feed.openMissing(),
    }),
  );
  own(registerFolders(feed));
  const { version } = context.extension.packageJSON as { readonly version: string };
  const programSource = context.asAbsolutePath('dist/daemon.cjs');
  void link.start(async () =>
    (await connectionPart()).openConnection({ version, programSource, log: log.info }),
  );
  return { store, link };
}
