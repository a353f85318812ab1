import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import type { JournalEventView } from '../../daemon/protocol/journal.ts';

/** Keeps every journal event that a daemon has told of, to see later whether the next daemon still has it. */
export class FactWitness {
  readonly #seen = new Map<number, string>();
  readonly #problems: string[] = [];
  #last = 0;

  /** Follows a daemon's journal from the last event that was seen. */
  async follow(client: DaemonClient): Promise<void> {
    client.onNotification('journal.appended', ({ events }) => {
      for (const event of events) {
        this.#see(event);
      }
    });
    await client.request('session.subscribe', { since: this.#last });
  }

  /** The sequence number of the last event that was seen. */
  get last(): number {
    return this.#last;
  }

  /** What the journal does not hold any more, or holds otherwise than it was told; each is said once. */
  async listLost(client: DaemonClient): Promise<readonly string[]> {
    const since = Math.min(...this.#seen.keys()) - 1;
    if (this.#seen.size > 0) {
      const { events } = await client.request('journal.read', { since, limit: 5000 });
      const kept = new Map(events.map(event => [event.sequence, JSON.stringify(event)]));
      for (const [sequence, text] of this.#seen) {
        if (kept.get(sequence) !== text) {
          this.#problems.push(`event ${sequence} was told and is lost: ${text}`);
        }
      }
      this.#seen.clear();
    }
    return this.#problems.splice(0);
  }

  #see(event: JournalEventView): void {
    if (event.sequence !== this.#last + 1) {
      this.#problems.push(`event ${event.sequence} was told after event ${this.#last}`);
    }
    this.#last = event.sequence;
    this.#seen.set(event.sequence, JSON.stringify(event));
  }
}
