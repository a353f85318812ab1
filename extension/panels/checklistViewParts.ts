import type { checklistProtocol, GivenPage } from '../../webview/protocol/checklistProtocol.ts';
import type { ChecklistModel } from '../state/checklistModel.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import type { Words } from '../words.ts';
import type { BuiltPage } from './checklistPage.ts';
import type { PageReader } from './openPageChannel.ts';
import type { PanelAction } from './panelAction.ts';

/** What the Checklist view works with. */
export type ChecklistViewParts = {
  readonly store: ReleaseStore;
  readonly checklist: ChecklistModel;
  readonly words: Words;
  readonly extensionPath: string;
  /** What a person can do about a failure, by its code. */
  readonly failureActions: (code: string) => readonly PanelAction[];
  readonly log: (sentence: string) => void;
};

/** What the view works with once it was asked for. */
export type OpenChecklistParts = ChecklistViewParts & {
  /** Builds the page of what is known now. */
  readonly build: () => BuiltPage;
  /** What its HTML says already. */
  readonly given: GivenPage | undefined;
  /** Loads what reads the page's messages. */
  readonly loadReader: () => Promise<PageReader<typeof checklistProtocol>>;
  /** When the view was asked for, by `performance.now()`. */
  readonly asked: number;
};
