import * as z from 'zod';
import { checkScopes } from '../model/check.ts';
import { notification, request } from './define.ts';
import { digestSchema, namedDigestSchema } from './digest.ts';
import { gateSchema } from './gate.ts';

/** What a person said of a check. */
const tickSchema = z.object({
  person: z.string(),
  /** ISO time in UTC. */
  at: z.string(),
  note: z.exactOptional(z.string()),
});

/** A check as it stands. */
const checkSchema = z.object({
  id: z.string(),
  text: z.string(),
  scope: z.enum(checkScopes),
  state: z.enum(['pass', 'hold', 'unknown']),
  /** Why it is in this state, as one sentence. */
  reason: z.string(),
  /** Who or what can clear it and how; absent when it passes. */
  next: z.exactOptional(z.string()),
  /** Who can tick it: the role with its people. */
  who: z.string(),
  /** True when whoever asks may tick it and take the tick back. */
  mine: z.boolean(),
  /** What a tick given now would be for; absent where nobody can tick it now. */
  digest: z.exactOptional(digestSchema),
  tick: z.exactOptional(tickSchema),
  /** A tick that does not count any more, and why. */
  voided: z.exactOptional(z.object({ ...tickSchema.shape, why: z.string() })),
});

/** Everything that holds a release back from an environment, or lets it through, as it stands. */
export const checklistSchema = z.object({
  repositoryId: z.string(),
  environment: z.string(),
  release: z.string(),
  commit: z.string(),
  /** The journal's last event when it was decided: of two answers the one with the lower number is older. */
  sequence: z.number(),
  /** Who asks: the operating system's user. */
  person: z.string(),
  gates: z.array(gateSchema),
  /** Absent where the environment asks for none. */
  checklist: z.exactOptional(z.object({ name: z.string(), checks: z.array(checkSchema) })),
  /** What ticks are for; no plan digest while nobody knows the environment's cluster. */
  digests: z.object({ release: namedDigestSchema, plan: z.exactOptional(namedDigestSchema) }),
  policy: z.object({ from: z.string(), commit: z.string(), advice: z.exactOptional(z.string()) }),
});

/** Everything that holds a release back from an environment, or lets it through. */
export type ChecklistView = z.infer<typeof checklistSchema>;

/** A check as it stands. */
export type CheckView = z.infer<typeof checkSchema>;

const place = { repositoryId: z.string(), environment: z.string(), release: z.string() };

/** The most characters of a note. */
const maxNoteLength = 1000;

/** Requests about checklists. */
export const checklistRequests = {
  /** Decides gates and checks for a release in an environment, as everything was read last. */
  'checklist.read': request(z.object(place), checklistSchema),
  /** Whoever asks says that a check is done, for exactly the digest that they saw; a note takes the place of an earlier one. */
  'checklist.tick': request(
    z.object({
      ...place,
      checkId: z.string(),
      digest: digestSchema,
      note: z.exactOptional(z.string().max(maxNoteLength)),
    }),
    checklistSchema,
  ),
  /** Takes the tick for that digest back. */
  'checklist.untick': request(
    z.object({ ...place, checkId: z.string(), digest: digestSchema }),
    checklistSchema,
  ),
};

/** Notifications about checklists. */
export const checklistNotifications = {
  /** A check of the repository was ticked or a tick taken back by the journal event `sequence`: read anew what is shown. */
  'checklist.changed': notification(z.object({ repositoryId: z.string(), sequence: z.number() })),
};
