import type { ChecklistModel } from '../state/checklistModel.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import type { Words } from '../words.ts';
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
