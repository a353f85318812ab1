import type { Tick } from '../../model/check.ts';
import { buildRecordInput } from '../eventSchemas.ts';
import type { TickPlace, Ticks } from '../ticks.ts';
import type { Ledger } from './ledger.ts';
import type { TickTable } from './tickTable.ts';

/** The ticks in the embedded store: each is an event, and the table follows it in the same transaction. */
export class EmbeddedTicks implements Ticks {
  readonly #ledger: Ledger;
  readonly #table: TickTable;

  constructor(ledger: Ledger, table: TickTable) {
    this.#ledger = ledger;
    this.#table = table;
  }

  list(place: TickPlace): readonly Tick[] {
    return this.#table.list(place);
  }

  tick(tick: Omit<Tick, 'at' | 'sequence'>): Tick {
    const { parts, ...rest } = tick;
    const payload = { ...rest, parts: parts.map(part => ({ ...part })) };
    const { time, sequence } = this.#ledger.write(append =>
      append(buildRecordInput('check.ticked', payload)),
    );
    return { ...tick, at: time, sequence };
  }

  untick(tick: Tick, { person }: { readonly person: string }): boolean {
    return this.#ledger.write(append => {
      const { repositoryId, checkId, check, scope, environment, release, digest, sequence } = tick;
      // Somebody may have ticked it anew since: that word is not the one that is taken back.
      if (!this.#table.list(tick).some(standing => standing.sequence === sequence)) {
        return false;
      }
      append(
        buildRecordInput('check.unticked', {
          repositoryId,
          checkId,
          check,
          scope,
          environment,
          release,
          digest,
          person,
        }),
      );
      return true;
    });
  }
}
