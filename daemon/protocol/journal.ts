import * as z from 'zod';
import { notification, request } from './define.ts';

/** An event of the journal as it travels: the chain's fields and the payload as it was written. */
const journalEventSchema = z.object({
  sequence: z.number().int(),
  /** ISO time in UTC. */
  time: z.string(),
  type: z.string(),
  /** The version of this type of event. */
  version: z.number().int(),
  promotionId: z.exactOptional(z.string()),
  payload: z.json(),
});

/** An event of the journal. */
export type JournalEventView = z.infer<typeof journalEventSchema>;

/** What a verification found. */
const findingSchema = z.object({
  problem: z.enum(['edited', 'removed', 'swapped', 'cut', 'unreadable']),
  sequence: z.number().int(),
  message: z.string(),
});

/** Requests about the journal. */
export const journalRequests = {
  /** Reads events after a sequence number, oldest first. */
  'journal.read': request(
    z.object({
      since: z.number().int().min(0),
      limit: z.number().int().min(1).max(5000),
      promotionId: z.exactOptional(z.string()),
    }),
    z.object({ events: z.array(journalEventSchema), head: z.number().int() }),
  ),
  /** Checks the whole chain and the anchors. */
  'journal.verify': request(
    z.object({}),
    z.object({
      ok: z.boolean(),
      events: z.number().int(),
      findings: z.array(findingSchema),
      /** The last event that an anchor proves; what comes after it could be cut without a trace. */
      provenUpTo: z.number().int(),
      message: z.string(),
    }),
  ),
};

/** Notifications about the journal. */
export const journalNotifications = {
  /** The next events, oldest first; each exactly once per session after `session.subscribe`. */
  'journal.appended': notification(z.object({ events: z.array(journalEventSchema).min(1) })),
};
