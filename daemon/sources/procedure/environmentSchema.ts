import * as z from 'zod';
import {
  commandSchema,
  dateSchema,
  dnsLabelSchema,
  durationSchema,
  nameSchema,
  percentSchema,
  revisionSchema,
  secretSchema,
  textSchema,
  timeSchema,
  urlSchema,
  wordSchema,
} from './fieldSchemas.ts';

const windowSchema = z
  .strictObject({
    first: z.exactOptional(dateSchema).describe('The day of the first window; needed with INTERVAL.'),
    rule: z
      .string()
      .regex(/^FREQ=[^\s]+$/, 'a recurrence (RFC 5545) such as FREQ=WEEKLY;BYDAY=SA')
      .describe('On which days, as a recurrence rule (RFC 5545): FREQ=WEEKLY;INTERVAL=2;BYDAY=SA.'),
    from: timeSchema.describe('When it opens, in its zone.'),
    to: timeSchema.describe('When it closes, in its zone; the next day when earlier than from.'),
    zone: wordSchema.describe('The time zone: UTC, Europe/Berlin.'),
  })
  .describe('A time in which a promotion may start.');

const freezeSchema = z.strictObject({
  from: dateSchema.describe('The first day.'),
  to: dateSchema.describe('The last day.'),
  reason: z.exactOptional(textSchema).describe('Why.'),
});

/** Where a release can run, as the file says it. */
export const environmentSchema = z
  .strictObject({
    purpose: z.exactOptional(textSchema).describe('What it is for, in a few words.'),
    data: z.exactOptional(z.enum(['synthetic', 'production-like', 'live'])).describe('What data it holds.'),
    after: z
      .exactOptional(nameSchema)
      .describe('The environment that a release must have succeeded in first, and that must still run it.'),
    cluster: z
      .exactOptional(
        z.strictObject({
          id: z
            .exactOptional(wordSchema)
            .describe("The uid of the cluster's namespace kube-system; checked before each command."),
          namespace: dnsLabelSchema.describe('The namespace.'),
        }),
      )
      .describe('Where it is. Without it nothing can be promoted there.'),
    guarded: z
      .exactOptional(z.boolean())
      .describe('true: the API server itself refuses what no approved promotion does.'),
    database: z
      .exactOptional(
        z.strictObject({
          url: z
            .string()
            .regex(/^jdbc:[a-z0-9]+:[^\s]+$/, 'a JDBC address such as jdbc:postgresql://host:5432/name')
            .describe('Its JDBC address.'),
          user: z.exactOptional(wordSchema).describe('The user of the database.'),
          password: z.exactOptional(secretSchema),
        }),
      )
      .describe('The database whose migrations belong to a promotion.'),
    automatic: z
      .exactOptional(
        z.strictObject({
          branch: revisionSchema.describe('The branch whose new commits are promoted.'),
          tests: z.exactOptional(commandSchema).describe('The tests that follow.'),
          onFailure: z
            .exactOptional(z.enum(['rollback', 'stop']))
            .describe('What happens when the promotion or its tests fail.'),
        }),
      )
      .describe('Promote without a person.'),
    approvals: z
      .exactOptional(
        z.strictObject({
          roles: z.array(nameSchema).min(1).describe('One person of each role must approve.'),
          notRequester: z
            .exactOptional(z.boolean())
            .describe('true: who asks for the promotion cannot approve it.'),
          expire: z.exactOptional(durationSchema).describe('How long an approval holds.'),
        }),
      )
      .describe('Who must approve a promotion before it starts.'),
    validation: z
      .exactOptional(
        z.strictObject({
          role: nameSchema.describe('The role that validates.'),
          onReject: z.exactOptional(z.enum(['rollback', 'keep'])).describe('What a rejection does.'),
        }),
      )
      .describe('A person looks at the release here and lets it go on, or not.'),
    checklist: z
      .exactOptional(nameSchema)
      .describe('The checklist that must be complete before a promotion.'),
    windows: z
      .exactOptional(z.union([windowSchema, z.array(windowSchema).min(1)]))
      .describe('When a promotion may start. One window or a list.'),
    notice: z
      .exactOptional(
        z.strictObject({
          before: durationSchema.describe('How long before the start.'),
          to: nameSchema.describe('The target under notify.'),
        }),
      )
      .describe('Who must be told how long before.'),
    freeze: z
      .exactOptional(z.array(freezeSchema).min(1))
      .describe('Days without promotions. They never block a rollback.'),
    soak: z
      .exactOptional(durationSchema)
      .describe('How long the environment before must have run the release.'),
    emergency: z
      .exactOptional(
        z.strictObject({
          for: z.array(textSchema).min(1).describe('The occasions that count as an emergency.'),
          roles: z.array(nameSchema).min(1).describe('One person of each role must agree.'),
          notify: z.exactOptional(nameSchema).describe('The target under notify that is told at once.'),
        }),
      )
      .describe('A shorter path for emergencies, which leaves debts.'),
    strategy: z
      .exactOptional(z.enum(['rolling', 'canary', 'blueGreen']))
      .describe('How traffic moves to the new version. Without it: rolling.'),
    watch: z
      .exactOptional(
        z.strictObject({
          for: durationSchema.describe('How long.'),
          prometheus: z.exactOptional(urlSchema).describe('Where the metrics are.'),
        }),
      )
      .describe('How long the release is watched after a promotion.'),
    rollback: z
      .exactOptional(
        z.strictObject({
          healthFailing: z.exactOptional(durationSchema).describe('When health checks fail for this long.'),
          errorRate: z.exactOptional(percentSchema).describe('When more requests than this fail.'),
          p95: z
            .exactOptional(
              z
                .string()
                .regex(/^(?:\d+(?:\.\d+)?x|\d+(?:ms|s))$/, 'a multiple such as 2x, or a time such as 500ms'),
            )
            .describe('When the 95th percentile is slower: 2x of before, or 500ms.'),
        }),
      )
      .describe('What rolls a release back by itself while it is watched.'),
    afterwards: z
      .exactOptional(z.array(nameSchema).min(1))
      .describe('The checklists that follow a promotion.'),
  })
  .describe('Where a release can run. Environments stand in the order in which a release goes through them.');

/** The environments of the file by name, in their order. */
export const environmentsSchema = z.record(nameSchema, environmentSchema);

/** Where a release can run, as the file says it. */
export type EnvironmentFile = z.infer<typeof environmentSchema>;

/** A time in which a promotion may start, as the file says it. */
export type WindowFile = z.infer<typeof windowSchema>;
