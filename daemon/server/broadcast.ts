import type { ClientSession } from '../handlers/requestContext.ts';
import type { NotificationName, NotificationParams } from '../protocol/messages.ts';

/** A snapshot for every session that it concerns; while a client is slow, the newest of each key wins. */
export type Snapshot<N extends NotificationName> = {
  /** Two snapshots with one key are about the same thing: `environment:production`. */
  readonly key: string;
  readonly name: N;
  readonly params: NotificationParams<N>;
};

/** Sends snapshots to sessions. */
export type Broadcast = {
  /** To the sessions that opened the repository. */
  readonly toRepository: <N extends NotificationName>(repositoryId: string, snapshot: Snapshot<N>) => void;
  /** To every session. */
  readonly toAll: <N extends NotificationName>(snapshot: Snapshot<N>) => void;
  /** To the sessions with a person who can answer a credential plugin. */
  readonly toPeople: <N extends NotificationName>(snapshot: Snapshot<N>) => void;
};

/** Builds the broadcast over the sessions that are open at each moment. */
export function buildBroadcast(sessions: () => Iterable<ClientSession>): Broadcast {
  const send = <N extends NotificationName>(
    { key, name, params }: Snapshot<N>,
    concerns: (session: ClientSession) => boolean,
  ) => {
    for (const session of sessions()) {
      if (concerns(session)) {
        session.sendLatest(`${name} ${key}`, name, params);
      }
    }
  };
  return {
    toRepository: (repositoryId, snapshot) =>
      send(snapshot, session => session.openedRepositories.has(repositoryId)),
    toAll: snapshot => send(snapshot, () => true),
    toPeople: snapshot => send(snapshot, session => session.answersLogins),
  };
}
