import type {
  NotificationName,
  NotificationParams,
  Params,
  RequestName,
  Result,
} from '../protocol/messages.ts';

/** One connected client, as handlers and services see it. */
export type ClientSession = {
  readonly id: string;
  /** The ids of the repositories whose changes this client wants; `repository.open` adds, `repository.close` removes. */
  readonly openedRepositories: Set<string>;
  /** True when a person is at the client, who can answer a credential plugin; `login.list` says so. */
  answersLogins: boolean;
  /**
   * Sends a notification; resolves when its bytes have left the process, so waiting for it is back-pressure.
   * Rejects when the session is closed, or when the content does not fit its schema (a defect, logged).
   */
  readonly send: <N extends NotificationName>(name: N, params: NotificationParams<N>) => Promise<void>;
  /** Sends a snapshot: while the client is slow, only the newest of each key waits. Never throws. */
  readonly sendLatest: <N extends NotificationName>(
    key: string,
    name: N,
    params: NotificationParams<N>,
  ) => void;
  /**
   * From now on sends every journal event after `since`, each once and in order.
   * Throws SlipwayError `badRequest` when the session follows the journal already.
   */
  readonly followJournal: (since: number) => void;
  /** Calls the listener once when the session has closed, at once when it already has; returns how to forget it. */
  readonly onClosed: (listener: () => void) => () => void;
};

/** What a handler gets beside its params; `signal` aborts when the client cancels or goes away. */
export type RequestContext = {
  readonly session: ClientSession;
  readonly signal: AbortSignal;
};

/** Answers one request. */
export type Handler<M extends RequestName> = (
  params: Params<M>,
  context: RequestContext,
) => Promise<Result<M>>;

/** A handler for every request: a missing one, or one with a wrong result, does not compile. */
export type Handlers = { readonly [M in RequestName]: Handler<M> };
