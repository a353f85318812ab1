/** The longest pause between two tries, in milliseconds. */
export const longestPauseMs = 15_000;
/** An API server that asks for more is asked again after this time all the same, in milliseconds. */
export const longestRetryAfterMs = 30_000;
/** So many connections in a row may be cut after a moment before the pauses grow: a network that changes does that. */
export const forgivenBriefs = 3;

/**
 * The pause before the next try of a watch that has failed `failures` times in a row, in milliseconds: between half
 * and all of a cap that doubles from 250 ms to 15 s. `random` is in [0, 1); what the API server asks for can make it
 * longer, up to 30 s, but never shorter: a `Retry-After` of 0 must not end in requests without a pause.
 */
export function buildWatchPause(options: {
  readonly failures: number;
  readonly random: number;
  readonly retryAfterMs?: number | undefined;
}): number {
  const cap = Math.min(longestPauseMs, 250 * 2 ** Math.min(options.failures, 10));
  const own = cap / 2 + options.random * (cap / 2);
  return Math.max(own, Math.min(options.retryAfterMs ?? 0, longestRetryAfterMs));
}

/** How long the API server is to keep a watch open, in seconds: 240 and up to a fifth more or less. */
export function buildWatchTimeout(random: number): number {
  return Math.round(240 * (0.8 + 0.4 * random));
}
