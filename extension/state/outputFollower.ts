import type { PlannedStep } from '../../daemon/protocol/plan.ts';
import type { Promotion, StepProgress } from '../../daemon/protocol/promotion.ts';
import { tellsOfPromotion } from './changedKeys.ts';
import type { DaemonPort } from './daemonPort.ts';
import { readFailure } from './readFailure.ts';
import type { ReleaseStore } from './releaseStore.ts';
import { findPromotion } from './storeState.ts';

/** Where a promotion's output goes, in the order of its steps. */
export type OutputSink = {
  /** A step begins: its title and command. */
  begin(step: PlannedStep): void;
  append(text: string): void;
  /** The step has ended and all of its output was appended. */
  end(step: PlannedStep, progress: StepProgress): void;
  /** The output could not be read. */
  fail(message: string): void;
};

/** Writes all that a promotion's tools print to a sink, live, each byte once, over lost connections too. */
export class OutputFollower {
  readonly #daemon: DaemonPort;
  readonly #store: ReleaseStore;
  readonly #promotionId: string;
  readonly #sink: OutputSink;
  readonly #ends: (() => void)[];
  /** The step whose output is being written. */
  #current:
    | { readonly stepId: string; offset: number; ended: boolean; asking: boolean; gap: boolean }
    | undefined;
  readonly #written = new Set<string>();
  #disposed = false;

  constructor(parts: {
    readonly daemon: DaemonPort;
    readonly store: ReleaseStore;
    readonly promotionId: string;
    readonly sink: OutputSink;
  }) {
    this.#daemon = parts.daemon;
    this.#store = parts.store;
    this.#promotionId = parts.promotionId;
    this.#sink = parts.sink;
    this.#ends = [
      parts.daemon.on('output.appended', chunk => {
        if (chunk.promotionId === this.#promotionId && chunk.stepId === this.#current?.stepId) {
          this.#take(chunk);
        }
      }),
      parts.store.onDidChange(changed => {
        if (changed.has('daemon') || changed.has('folders')) {
          this.#resume();
        }
        if (tellsOfPromotion(changed, this.#promotionId)) {
          this.#advance();
        }
      }),
    ];
    this.#advance();
  }

  dispose(): void {
    this.#disposed = true;
    for (const end of this.#ends) {
      end();
    }
  }

  /** Ends the step that is complete and begins the next one that has started. */
  #advance(): void {
    const promotion = findPromotion(this.#store.state, this.#promotionId);
    if (!promotion || this.#disposed) {
      return;
    }
    const current = this.#current;
    if (current) {
      const progress = promotion.steps.find(step => step.id === current.stepId);
      if (!current.ended || progress?.state === 'running') {
        return;
      }
      this.#finish(promotion, current.stepId);
    }
    const next = promotion.steps.find(step => step.state !== 'waiting' && !this.#written.has(step.id));
    const planned = next && findStep(promotion, next.id);
    if (next && planned) {
      this.#current = { stepId: next.id, offset: 0, ended: false, asking: false, gap: false };
      this.#sink.begin(planned);
      this.#resume();
    }
  }

  #finish(promotion: Promotion, stepId: string): void {
    const planned = findStep(promotion, stepId);
    const progress = promotion.steps.find(step => step.id === stepId);
    this.#written.add(stepId);
    this.#current = undefined;
    if (planned && progress) {
      this.#sink.end(planned, progress);
    }
  }

  /** Asks from where we are, and for what comes after. */
  #resume(): void {
    const current = this.#current;
    if (current) {
      current.gap = current.asking;
    }
    if (!current || current.ended || current.asking || this.#store.state.daemon.state !== 'connected') {
      return;
    }
    current.asking = true;
    const { stepId, offset } = current;
    this.#daemon.request('output.follow', { promotionId: this.#promotionId, stepId, offset }).then(
      chunk => {
        current.asking = false;
        if (this.#current === current && !this.#disposed) {
          this.#take({ ...chunk, offset });
          if (current.gap) {
            this.#resume();
          }
        }
      },
      error => {
        current.asking = false;
        this.#onFailure(current, error);
      },
    );
  }

  #onFailure(current: { ended: boolean }, error: unknown): void {
    // Without a connection the next one asks again.
    if (this.#current !== current || this.#disposed || this.#store.state.daemon.state !== 'connected') {
      return;
    }
    this.#sink.fail(readFailure(error).message);
    current.ended = true;
    this.#advance();
  }

  #take(chunk: {
    readonly offset: number;
    readonly text: string;
    readonly nextOffset: number;
    readonly ended: boolean;
  }): void {
    const current = this.#current;
    if (!current) {
      return;
    }
    if (chunk.offset > current.offset) {
      this.#resume();
      return;
    }
    if (chunk.offset === current.offset) {
      this.#sink.append(chunk.text);
      current.offset = chunk.nextOffset;
    }
    if (chunk.ended && chunk.nextOffset === current.offset) {
      current.ended = true;
      this.#advance();
    }
  }
}

function findStep(promotion: Promotion, stepId: string): PlannedStep | undefined {
  return [...promotion.plan.steps, ...promotion.compensations].find(step => step.id === stepId);
}
