/** What decides whether the daemon is idle. */
export type IdleStopOptions = {
  /** How long it may be idle, in milliseconds. */
  readonly limitMs: number;
  readonly clients: () => number;
  /** Reasons to live, one sentence each: a run, a schedule, a follower, an armed trigger, an unsent notice. */
  readonly busy: () => readonly string[];
  readonly onIdle: () => void;
};

/** The limit where SLIPWAY_IDLE_SECONDS does not name one. */
export const defaultIdleMs = 10 * 60 * 1000;

/** Waits for the daemon to be idle. */
export type IdleStop = {
  /** From now on it is over as soon as there is no client and no reason to live. */
  readonly hasten: () => void;
  readonly dispose: () => void;
};

/** How often a hastened stop looks, in milliseconds. */
const hastenedMs = 100;

/**
 * Calls `onIdle` once, when there was no client and no reason to live for the whole limit.
 * The clock is the monotonic one: it does not jump, and the sleep of the machine does not count.
 */
export function startIdleStop(options: IdleStopOptions): IdleStop {
  let idleSince: number | undefined = performance.now();
  let { limitMs } = options;
  const check = () => {
    if (options.clients() > 0 || options.busy().length > 0) {
      idleSince = undefined;
      return;
    }
    idleSince ??= performance.now();
    if (performance.now() - idleSince >= limitMs) {
      clearInterval(timer);
      options.onIdle();
    }
  };
  let timer = setInterval(check, Math.min(10_000, Math.max(20, limitMs / 10)));
  return {
    hasten: () => {
      limitMs = 0;
      clearInterval(timer);
      timer = setInterval(check, hastenedMs);
    },
    dispose: () => clearInterval(timer),
  };
}

/** Reads SLIPWAY_IDLE_SECONDS, a positive number of seconds; anything else gives the default. */
export function parseIdleLimit(text: string | undefined): number {
  const seconds = Number(text);
  return text !== undefined && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : defaultIdleMs;
}
