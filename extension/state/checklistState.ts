import type { ChecklistView } from '../../daemon/protocol/checklist.ts';
import type { Params } from '../../daemon/protocol/messages.ts';
import type { ChecklistSubject } from './checklistSubject.ts';
import type { FailureView } from './readFailure.ts';

/** What the window knows of the checklist that it shows. */
export type ChecklistState = {
  /** Absent while nothing is selected. */
  readonly subject?: ChecklistSubject;
  readonly pinned: boolean;
  /** The daemon's last answer about the subject. */
  readonly view?: ChecklistView;
  /** Why there is no newer answer. */
  readonly problem?: FailureView;
  readonly reading: boolean;
  /** The ids of the checks whose tick is on its way. */
  readonly busy: ReadonlySet<string>;
};

/** A person's word about a check. */
export type CheckWord = Pick<Params<'checklist.tick'>, 'checkId' | 'digest' | 'note'>;
