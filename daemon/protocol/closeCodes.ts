/** Why the daemon closes a session: WebSocket close codes of the private range (4000 to 4999). */
export const closeCodes = {
  /** The daemon stops: idle, or asked to by the system. */
  stopping: 4000,
  /** A newer daemon takes its place. */
  retiring: 4001,
  /** The client reads too slowly: its queue passed the limit. */
  tooSlow: 4002,
  /** `session.hello` did not come in time. */
  helloMissing: 4003,
  /** A message that is no JSON-RPC request, or is binary. */
  unreadable: 4004,
  /** More requests at once than a session may have. */
  tooManyRequests: 4005,
  /** Pings were not answered. */
  silent: 4006,
  /** A defect of the daemon: an event could not be sent. */
  internal: 4007,
} as const;

/** Why the daemon closes a session. */
export type CloseReason = keyof typeof closeCodes;

/** Reads a close code back into its reason: `undefined` for one that is not ours. */
export function parseCloseReason(code: number): CloseReason | undefined {
  return (Object.keys(closeCodes) as CloseReason[]).find(reason => closeCodes[reason] === code);
}

/** The largest message a client may send, in bytes. */
export const maxRequestBytes = 1024 * 1024;

/** The largest message a client takes from the daemon, in bytes. */
export const maxReplyBytes = 64 * 1024 * 1024;
