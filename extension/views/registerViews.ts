import * as vscode from 'vscode';
import type { JournalEventView } from '../../daemon/protocol/journal.ts';
import type { Result } from '../../daemon/protocol/messages.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import type { TextDocuments } from '../state/textDocuments.ts';
import type { Words } from '../words.ts';
import { registerActivityTree } from './activityTree.ts';
import { registerContextKeys } from './contextKeys.ts';
import { registerLoginNotices } from './loginNotices.ts';
import { registerNotifications } from './notifications.ts';
import { registerPlanLenses } from './planLenses.ts';
import { registerProcedureFiles } from './procedureFiles.ts';
import { registerReleasesTree } from './releasesTree.ts';
import { registerSetupDocument } from './setupDocument.ts';
import { registerStatusBar } from './statusBar.ts';
import type { ViewItem } from './viewItem.ts';
import { registerVirtualDocuments } from './virtualDocuments.ts';

/** What views show, and what they may ask for: they never reach the daemon themselves. */
export type ViewParts = {
  readonly store: ReleaseStore;
  readonly texts: TextDocuments;
  readonly words: Words;
  /** Where a window remembers over a reload. */
  readonly memento: vscode.Memento;
  /** Asks what changed between a release and what runs in each environment. */
  readonly loadRelease: (release: NonNullable<ViewItem['load']>) => void;
  /** Hears which row of the Releases view was selected. */
  readonly onSelected: (target: ItemTarget) => void;
  /** Reads one side of a plan's diffs, as YAML. */
  readonly readPlanText: (planId: string, text: string) => Promise<string>;
  /** Reads every event of a promotion, oldest first. */
  readonly readEvents: (promotionId: string) => Promise<readonly JournalEventView[]>;
  /** Checks the text of a slipway.yaml. */
  readonly check: (text: string, signal: AbortSignal) => Promise<Result<'procedure.check'>>;
};

/** Registers everything that shows something, in the order in which people look for it. */
export function registerViews(parts: ViewParts): vscode.Disposable {
  return vscode.Disposable.from(
    registerContextKeys(parts.store),
    registerReleasesTree(parts),
    registerActivityTree(parts),
    registerStatusBar(parts),
    registerVirtualDocuments(parts),
    registerSetupDocument(parts),
    registerPlanLenses(parts),
    registerProcedureFiles(parts),
    registerNotifications(parts),
    registerLoginNotices(parts),
  );
}
