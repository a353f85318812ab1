import { promotionHasEnded } from '../model/promotion.ts';
import type { Store } from '../store/store.ts';
import { followSpool } from '../tools/process/followSpool.ts';
import { readSpool, type SpoolPiece } from '../tools/process/readSpool.ts';
import type { RedactorOf } from './storeLedger.ts';

/** What outputs are read with. */
export type StepOutputsOptions = {
  readonly store: Pick<Store, 'promotions' | 'journal'>;
  readonly redactorOf: RedactorOf;
};

/** A step of a promotion whose output is read. */
export type OutputPlace = { readonly promotionId: string; readonly stepId: string; readonly offset: number };

/** What the tools of steps print, redacted, while they run and afterwards. */
export class StepOutputs {
  readonly #options: StepOutputsOptions;

  constructor(options: StepOutputsOptions) {
    this.#options = options;
  }

  /** A piece of a step's output, redacted. */
  read(place: OutputPlace): SpoolPiece {
    const { promotion, spool, ended } = this.#find(place);
    if (spool === undefined) {
      return { offset: place.offset, text: '', nextOffset: place.offset, ended };
    }
    return readSpool(spool, { offset: place.offset, redactor: this.#options.redactorOf(promotion), ended });
  }

  /** Follows a step's output until the step has ended or the signal aborts; a step that waits is waited for. */
  async *follow(place: OutputPlace & { readonly signal: AbortSignal }): AsyncGenerator<SpoolPiece> {
    const { promotion } = this.#find(place);
    const started = await this.#waitForStep(place, step => step.spool !== undefined || step.ended);
    if (started?.spool === undefined || place.signal.aborted) {
      yield { offset: place.offset, text: '', nextOffset: place.offset, ended: true };
      return;
    }
    yield* followSpool(started.spool, {
      offset: place.offset,
      redactor: this.#options.redactorOf(promotion),
      ended: this.#waitForStep(place, step => step.ended),
      signal: place.signal,
    });
  }

  #find({ promotionId, stepId }: Pick<OutputPlace, 'promotionId' | 'stepId'>) {
    const promotion = this.#options.store.promotions.load(promotionId);
    const step = promotion.steps.find(candidate => candidate.id === stepId);
    const ended = promotionHasEnded(promotion) || step?.endedAt !== undefined;
    return { promotion, spool: step?.spool, ended };
  }

  /** Resolves when a step's progress satisfies the condition, or the signal aborts. */
  async #waitForStep(
    place: OutputPlace & { readonly signal: AbortSignal },
    satisfies: (found: { readonly spool: string | undefined; readonly ended: boolean }) => boolean,
  ) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (satisfies(this.#find(place))) {
        resolve();
      }
    };
    const subscription = this.#options.store.journal.onAppended(look);
    const abort = () => resolve();
    place.signal.addEventListener('abort', abort, { once: true });
    look();
    try {
      await promise;
    } finally {
      subscription.dispose();
      place.signal.removeEventListener('abort', abort);
    }
    return this.#find(place);
  }
}
