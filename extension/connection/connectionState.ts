import type { DurableEvent } from '../../daemon/client/durableClient.ts';
import { SlipwayError } from '../../daemon/protocol/errors.ts';
import type { Result } from '../../daemon/protocol/messages.ts';

/** How this window stands with the daemon. */
export type ConnectionState =
  /** Nothing was tried yet, or the window is closing. */
  | { readonly kind: 'disconnected' }
  /** The first connection is on its way. */
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'connected';
      readonly hello: Result<'session.hello'>;
      /** Set when an older daemon goes on, since a promotion runs. */
      readonly notice?: string;
    }
  /** There was a connection; what is shown may be old. */
  | { readonly kind: 'reconnecting'; readonly reason: string; readonly attempts: number }
  /** It does not get better by itself soon; Slipway goes on trying. */
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string; readonly next: string }
  /** The running daemon and this window cannot understand each other. */
  | { readonly kind: 'incompatible'; readonly code: string; readonly reason: string; readonly next: string };

/** What changes a connection's state. */
export type ConnectionAction =
  | DurableEvent
  | { readonly type: 'restarting' }
  | { readonly type: 'keptOlder'; readonly reason: string }
  | { readonly type: 'disposed' };

/** What the connection says in whole sentences; they are translated where they are shown. */
export const connectionSentences = {
  restarting: 'The daemon is being restarted.',
  retiring: 'The daemon makes way for a new one.',
  stopping: 'The daemon was stopped and is started again.',
  gone: 'The daemon went away and is started again; promotions go on.',
  waitForPromotion: 'Wait until the promotion has ended, then restart the daemon.',
} as const;

/** Attempts after a lost connection that are not worth a failure yet. */
const quietAttempts = 3;

/** The next state of a connection; the same object when nothing changed. */
export function reduceConnection(state: ConnectionState, action: ConnectionAction): ConnectionState {
  switch (action.type) {
    case 'connecting':
      return state.kind === 'disconnected' ? { kind: 'starting' } : state;
    case 'restarting':
      return { kind: 'reconnecting', reason: connectionSentences.restarting, attempts: 0 };
    case 'connected':
      return { kind: 'connected', hello: action.hello };
    case 'keptOlder':
      return state.kind === 'connected' ? { ...state, notice: action.reason } : state;
    case 'lost':
      return { kind: 'reconnecting', reason: buildLostReason(action), attempts: 0 };
    case 'attemptFailed':
      return reduceFailure(state, action.error);
    case 'disposed':
      return { kind: 'disconnected' };
  }
}

function buildLostReason({ closed }: Extract<DurableEvent, { type: 'lost' }>): string {
  switch (closed.reason) {
    case 'retiring':
      return connectionSentences.retiring;
    case 'stopping':
      return connectionSentences.stopping;
    case undefined:
      return connectionSentences.gone;
    default:
      return `The daemon ended the connection: ${closed.message}`;
  }
}

function reduceFailure(state: ConnectionState, error: unknown): ConnectionState {
  const { code, message, next } = readError(error);
  if (code === 'protocolMismatch') {
    return { kind: 'incompatible', code, reason: message, next };
  }
  if (state.kind === 'reconnecting' && state.attempts + 1 < quietAttempts) {
    return { ...state, attempts: state.attempts + 1 };
  }
  return { kind: 'failed', code, reason: message, next };
}

function readError(error: unknown): SlipwayError {
  return error instanceof SlipwayError
    ? error
    : new SlipwayError('daemonNotStarted', error instanceof Error ? error.message : String(error));
}
