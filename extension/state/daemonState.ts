import type { ConnectionState } from '../connection/connectionState.ts';
import type { FailureView } from './readFailure.ts';

/** How the window stands with its daemon; `since` is an ISO time in UTC: what is shown is as old as that. */
export type DaemonState =
  | { readonly state: 'starting' }
  | {
      readonly state: 'connected';
      readonly person: string;
      readonly host: string;
      readonly version: string;
      /** Set when an older daemon goes on, since a promotion runs. */
      readonly notice?: string;
    }
  | { readonly state: 'reconnecting'; readonly reason: string; readonly since: string }
  | {
      readonly state: 'disconnected';
      /** The error code of what went wrong. */
      readonly code: string;
      readonly reason: string;
      readonly next: string;
      readonly since: string;
    };

/** Says a connection's state as the views need it; `now` is an ISO time in UTC. */
export function buildDaemonState(before: DaemonState, connection: ConnectionState, now: string): DaemonState {
  const since = 'since' in before ? before.since : now;
  switch (connection.kind) {
    case 'disconnected':
    case 'starting':
      return { state: 'starting' };
    case 'connected': {
      const { person, daemon } = connection.hello;
      const notice = connection.notice === undefined ? {} : { notice: connection.notice };
      return { state: 'connected', person, host: daemon.host, version: daemon.version, ...notice };
    }
    case 'reconnecting':
      return { state: 'reconnecting', reason: connection.reason, since };
    case 'failed':
    case 'incompatible':
      return {
        state: 'disconnected',
        code: connection.code,
        reason: connection.reason,
        next: connection.next,
        since,
      };
  }
}

/** The state when not even the connection's part of the program could be used. */
export function buildFailedState(failure: FailureView, now: string): DaemonState {
  return {
    state: 'disconnected',
    code: failure.code,
    reason: failure.message,
    next: failure.next ?? '',
    since: now,
  };
}
