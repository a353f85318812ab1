/** Where the process can be stopped for a test. */
export const faultPoints = [
  /** The intent is in the journal; nothing has been started. */
  'beforeSpawn',
  /** The spool file exists; its shell has not been started. */
  'spoolOpened',
  /** The shell has been started; nobody has waited for its pid file. */
  'shellSpawned',
  /** The tool runs; its pid is not in the journal. */
  'spawned',
  /** The tool runs; its pid is in the journal. */
  'running',
  /** The tool has ended; its end is not in the journal. */
  'exited',
] as const;

/** Where the process can be stopped for a test. */
export type FaultPoint = (typeof faultPoints)[number];

/** Stops the process at a named point, or does nothing. */
export type Faults = { at(point: FaultPoint): void };

/** No faults. */
export const noFaults: Faults = { at: () => undefined };

/**
 * Builds the faults that `SLIPWAY_FAULT` names: `running` kills this process the first time it gets there, `running:3`
 * the third time. Works only where `SLIPWAY_HOME` is set, that is in tests and in the sandbox.
 * Throws on a name that is no fault point.
 */
export function buildFaults(env: Readonly<Record<string, string | undefined>>): Faults {
  const wanted = env['SLIPWAY_FAULT'];
  if (!env['SLIPWAY_HOME'] || !wanted) {
    return noFaults;
  }
  const [name = '', times = '1'] = wanted.split(':');
  const point = faultPoints.find(candidate => candidate === name);
  let left = Number(times);
  if (!point || !Number.isInteger(left) || left < 1) {
    throw new Error(
      `SLIPWAY_FAULT is "${wanted}"; it must be one of ${faultPoints.join(', ')}, or NAME:TIMES.`,
    );
  }
  return {
    at: reached => {
      if (reached === point && --left === 0) {
        process.kill(process.pid, 'SIGKILL');
      }
    },
  };
}
