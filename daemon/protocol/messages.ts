import type * as z from 'zod';
import { checklistNotifications, checklistRequests } from './checklist.ts';
import { environmentNotifications, environmentRequests } from './environment.ts';
import { journalNotifications, journalRequests } from './journal.ts';
import { logNotifications, logRequests } from './log.ts';
import { loginNotifications, loginRequests } from './login.ts';
import { outputNotifications, outputRequests } from './output.ts';
import { planRequests } from './plan.ts';
import { procedureRequests } from './procedure.ts';
import { promotionNotifications, promotionRequests } from './promotion.ts';
import { releaseRequests } from './release.ts';
import { repositoryNotifications, repositoryRequests } from './repository.ts';
import { sessionRequests } from './session.ts';
import { setupRequests } from './setup.ts';

/** Every request that the daemon answers. */
export const requests = {
  ...sessionRequests,
  ...repositoryRequests,
  ...procedureRequests,
  ...releaseRequests,
  ...environmentRequests,
  ...checklistRequests,
  ...planRequests,
  ...promotionRequests,
  ...outputRequests,
  ...logRequests,
  ...journalRequests,
  ...loginRequests,
  ...setupRequests,
};

/** Every notification that the daemon sends. */
export const notifications = {
  ...repositoryNotifications,
  ...environmentNotifications,
  ...checklistNotifications,
  ...promotionNotifications,
  ...outputNotifications,
  ...logNotifications,
  ...journalNotifications,
  ...loginNotifications,
};

/** The name of a request. */
export type RequestName = keyof typeof requests;

/** What goes into a request. */
export type Params<M extends RequestName> = z.output<(typeof requests)[M]['params']>;

/** What comes back from a request. */
export type Result<M extends RequestName> = z.output<(typeof requests)[M]['result']>;

/** The name of a notification. */
export type NotificationName = keyof typeof notifications;

/** What a notification carries. */
export type NotificationParams<N extends NotificationName> = z.output<(typeof notifications)[N]['params']>;
