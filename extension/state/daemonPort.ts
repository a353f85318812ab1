import type {
  NotificationName,
  NotificationParams,
  Params,
  RequestName,
  Result,
} from '../../daemon/protocol/messages.ts';

/** How a request may be ended early; without `timeoutMs` it may take 60 s. */
export type CallOptions = { readonly signal?: AbortSignal; readonly timeoutMs?: number };

/** Asks the daemon: rejects with an error that carries `code` and `next`, also while there is no connection. */
export type DaemonRequests = {
  request<M extends RequestName>(method: M, params: Params<M>, options?: CallOptions): Promise<Result<M>>;
};

/** Hears the daemon's notifications in the order in which it sent them; returns how to stop hearing. */
export type DaemonNotifications = {
  on<N extends NotificationName>(name: N, listener: (params: NotificationParams<N>) => void): () => void;
};

/** The daemon as the state sees it. */
export type DaemonPort = DaemonRequests & DaemonNotifications;
