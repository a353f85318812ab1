import type { ChecklistState } from '../state/checklistState.ts';
import type { StoreState } from '../state/storeState.ts';
import type { Words } from '../words.ts';
import type { PanelAction } from './panelAction.ts';

/** What the page of a checklist is built from. */
export type ChecklistPageInput = {
  readonly checklist: ChecklistState;
  readonly store: StoreState;
  /** False in Restricted Mode. */
  readonly isTrusted: boolean;
  readonly words: Words;
  /** What a person can do about a failure, by its code. */
  readonly failureActions: (code: string) => readonly PanelAction[];
};
