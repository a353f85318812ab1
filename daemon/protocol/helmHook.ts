import * as z from 'zod';

/** A hook of a chart, as helm writes it both into its record and into the answer of a dry run. */
export const helmHookSchema = z
  .object({
    /** Empty where the API server completes it. */
    name: z.string().default(''),
    kind: z.string(),
    /** `pre-upgrade`, `post-install`, `test`. */
    events: z.array(z.string()).nullish(),
    /** One YAML document; may be a Secret in clear. */
    manifest: z.string().default(''),
    /** Those with a lower one come first; helm leaves out 0. */
    weight: z.number().default(0),
  })
  .transform(({ events, ...hook }) => ({ ...hook, events: events ?? [] }));

/** A hook of a chart. */
export type HelmHook = z.output<typeof helmHookSchema>;
