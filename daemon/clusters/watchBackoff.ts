/** The longest pause between two tries, in milliseconds. */
export const longestPauseMs = 15_000;

/**
 * The pause before the next try of a watch that has failed `failures` times in a row, in milliseconds: between half
 * and all of a cap that doubles from 250 ms to 15 s. `random` is in [0, 1); what the API server asks for wins.
 */
export function buildWatchPause(options: {
  readonly failures: number;
  readonly random: number;
  readonly retryAfterMs?: number | undefined;
}): number {
  if (options.retryAfterMs !== undefined) {
    return options.retryAfterMs;
  }
  const cap = Math.min(longestPauseMs, 250 * 2 ** Math.min(options.failures, 10));
  return cap / 2 + options.random * (cap / 2);
}

/** How long the API server is to keep a watch open, in seconds: 240 and up to a fifth more or less. */
export function buildWatchTimeout(random: number): number {
  return Math.round(240 * (0.8 + 0.4 * random));
}
