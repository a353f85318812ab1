import { maxRequestBytes } from '../protocol/closeCodes.ts';

/** Every limit of the door and its sessions; times in milliseconds. */
export type Limits = {
  /** The largest message from a client, in bytes. */
  readonly payloadBytes: number;
  /** The most fragments of one message; our own client sends one. */
  readonly fragments: number;
  /** The most pieces of an unfinished message that may wait in memory. */
  readonly bufferedChunks: number;
  readonly connections: number;
  /** From the connection to the end of the HTTP request. */
  readonly handshakeMs: number;
  /** From the handshake to the answer of `session.hello`. */
  readonly helloMs: number;
  /** The most bytes that may wait for a client that reads slowly. */
  readonly queueBytes: number;
  /** Requests of one session that run at the same time; the others wait. */
  readonly parallelRequests: number;
  /** Requests of one session that run or wait. */
  readonly pendingRequests: number;
  /** Between two pings; a client that answered none of two is gone. */
  readonly heartbeatMs: number;
  /** From the closing handshake to the end of the socket. */
  readonly closeMs: number;
};

/** The limits in use. */
export const defaultLimits: Limits = {
  payloadBytes: maxRequestBytes,
  fragments: 16,
  bufferedChunks: 1024,
  connections: 64,
  handshakeMs: 5_000,
  helloMs: 10_000,
  queueBytes: 8 * 1024 * 1024,
  parallelRequests: 32,
  pendingRequests: 256,
  heartbeatMs: 15_000,
  closeMs: 2_000,
};
