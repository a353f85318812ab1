import type { LogSource, LogView } from '../../protocol/log.ts';

/** Decides how a log stands by what its sources say. */
export function decideLogState(
  sources: readonly { readonly state: LogSource['state']; readonly reason: string | undefined }[],
  log: {
    /** What was written before the opening is still being read. */
    readonly isOpening: boolean;
    /** Nothing new can join. */
    readonly isFinite: boolean;
  },
): Pick<LogView, 'state' | 'reason'> {
  const failed = sources.filter(({ state }) => state === 'failed');
  if (sources.length > 0 && failed.length === sources.length) {
    return withReason('failed', failed[0]?.reason);
  }
  const reconnecting = sources.find(({ state }) => state === 'reconnecting');
  if (reconnecting) {
    return withReason('reconnecting', reconnecting.reason);
  }
  if (log.isOpening) {
    return { state: 'opening' };
  }
  const isOver = sources.every(({ state }) => state === 'ended' || state === 'failed');
  return { state: log.isFinite && isOver ? 'ended' : 'live' };
}

function withReason(state: LogView['state'], reason: string | undefined): Pick<LogView, 'state' | 'reason'> {
  return { state, ...(reason === undefined ? {} : { reason }) };
}
