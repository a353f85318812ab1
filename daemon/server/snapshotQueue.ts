/** Keeps only the newest snapshot of each key while the one before it is on its way. */
export type SnapshotQueue<T> = {
  /** Sends a snapshot as soon as the client takes it, unless a newer one of its key comes first. */
  readonly push: (key: string, snapshot: T) => void;
};

/** Builds a queue that sends one snapshot at a time; `send` resolves when the client has taken it. */
export function buildSnapshotQueue<T>(send: (snapshot: T) => Promise<void>): SnapshotQueue<T> {
  const waiting = new Map<string, T>();
  let sending = false;
  const pump = async () => {
    sending = true;
    for (let next = waiting.entries().next(); !next.done; next = waiting.entries().next()) {
      const [key, snapshot] = next.value;
      waiting.delete(key);
      // A closed session and a wrong snapshot are told elsewhere; the next one still goes.
      await send(snapshot).catch(() => {});
    }
    sending = false;
  };
  return {
    push: (key, snapshot) => {
      waiting.set(key, snapshot);
      if (!sending) {
        void pump();
      }
    },
  };
}
