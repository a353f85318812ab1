import { writeStamp } from '../../clusters/logStamp.ts';

/** Between which times lines may be missing, in microseconds since 1970; absent where it is not known. */
export type Span = { readonly from?: number | undefined; readonly until?: number | undefined };

/** The log was rotated while nobody read it. */
export function buildRotated(span: Span): string {
  return `Lines ${describeSpan(span)} may be missing: the log was rotated while the connection was cut.`;
}

/** A line was too long to be kept. */
export function buildLeftOut(bytes: number): string {
  return `${bytes} bytes of this line were left out: it is longer than 4 MiB.`;
}

/** The pod went before its last lines were read. */
export function buildPodGone(span: Span): string {
  return `Lines ${describeSpan(span)} may be missing: the pod was deleted before its last line was read.`;
}

/** The cluster keeps the log of one earlier run only. */
export function buildRunsLost(span: Span): string {
  return `Lines ${describeSpan(span)} are missing: the container restarted more than once meanwhile, and the cluster keeps the log of one earlier run only.`;
}

/** The previous log could not be read. */
export function buildPreviousLost(span: Span, reason: string): string {
  return `Lines ${describeSpan(span)} may be missing: the log of the run before the restart cannot be read: ${reason}`;
}

/** A place in a long log from which nothing could be read; a late line after it may be older than the one before it. */
function describeSpan({ from, until }: Span): string {
  if (from !== undefined && until !== undefined && until >= from) {
    return `from ${writeStamp(from)} to ${writeStamp(until)} (${describeDuration(until - from)})`;
  }
  if (from !== undefined) {
    return `after ${writeStamp(from)}`;
  }
  return until === undefined ? '' : `before ${writeStamp(until)}`;
}

function describeDuration(microseconds: number): string {
  const seconds = microseconds / 1_000_000;
  if (seconds < 60) {
    return `${seconds.toFixed(seconds < 10 ? 3 : 1)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.floor(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
