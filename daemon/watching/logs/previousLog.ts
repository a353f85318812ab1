import { buildPreviousLost } from './gapWords.ts';
import { isLogAbsent } from './openRun.ts';
import type { ReadPart, RunReader } from './runReader.ts';

/** The log of the run before may come a little later than the news of the restart. */
const mostTries = 5;

/** The log of the run before the last restart: all that the cluster keeps of a container's earlier runs. */
export class PreviousLog {
  readonly #reader: RunReader;
  #failures = 0;

  constructor(reader: RunReader) {
    this.#reader = reader;
  }

  /** Looks here for what was received last; `again` when the connection did not last. Throws a ClusterError. */
  async search(): Promise<'found' | 'notFound' | 'again'> {
    const { intake } = this.#reader;
    try {
      const end = await this.#reader.searchPrevious();
      if (end !== 'closed') {
        return 'again';
      }
      intake.flush();
    } catch (error) {
      if (!isLogAbsent(error)) {
        throw error;
      }
    }
    return intake.isSearching ? 'notFound' : 'found';
  }

  /** Reads what is left of a run; true when nothing more of it is to be had. Throws a ClusterError. */
  async readRest(run: { readonly id: string }): Promise<boolean> {
    const { intake } = this.#reader;
    try {
      const part = { follow: false, ...this.#reader.rest() };
      const end = await this.#reader.read({ id: run.id, previous: true }, part);
      if (end !== 'closed') {
        return false;
      }
      intake.flush();
    } catch (error) {
      if (!isLogAbsent(error) || ++this.#failures < mostTries) {
        throw error;
      }
      const reason = error.message;
      intake.reconnect({ stopWhenLost: false });
      intake.explainLoss(span => buildPreviousLost(span, reason));
    }
    this.#failures = 0;
    return true;
  }

  /** Reads a run of which nothing is followed; true when all that is wanted has been read. Throws a ClusterError. */
  async readAll(run: { readonly id: string }, part: ReadPart): Promise<boolean> {
    const { intake } = this.#reader;
    const end = await this.#reader.read({ id: run.id, previous: true }, part);
    if (end !== 'closed') {
      return false;
    }
    intake.surrender();
    intake.flush();
    return true;
  }
}
