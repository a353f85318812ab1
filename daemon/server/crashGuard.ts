import type { Log } from './logFile.ts';

/** Uncaught errors within a minute after which the daemon gives up; its clients start it again. */
const mostErrors = 10;

/**
 * Keeps the daemon alive through defects: each uncaught error is logged, and the runs it looks after go on.
 * Calls `giveUp` when they come in numbers, since the state behind them is then not to be trusted.
 */
export function registerCrashGuard(log: Log, giveUp: () => void): void {
  let recent: number[] = [];
  const onError = (kind: string, error: unknown) => {
    log.error(kind, {
      message: error instanceof Error ? error.message : String(error),
      stack: error instanceof Error ? error.stack : undefined,
    });
    const now = performance.now();
    recent = [...recent.filter(time => now - time < 60_000), now];
    if (recent.length > mostErrors) {
      giveUp();
    }
  };
  process.on('uncaughtException', error => onError('uncaught exception', error));
  process.on('unhandledRejection', reason => onError('unhandled rejection', reason));
}
