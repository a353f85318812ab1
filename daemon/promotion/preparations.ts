import { LookAhead } from '../steps/lookAhead.ts';
import { type Clock, Patience } from '../steps/patience.ts';
import type { StepContext } from '../steps/step.ts';
import { stepKinds } from '../steps/stepKinds.ts';
import { clusterPatienceMs, messageOf } from './lookAtStep.ts';
import { mayPass } from './mayPass.ts';
import type { RunBasis, RunNeed, RunPreparation } from './runnerPorts.ts';

/** What preparations are made with. */
export type PreparationsOptions = {
  readonly readBasis: (need: RunNeed) => Promise<RunBasis>;
  readonly prepare: (basis: RunBasis) => Promise<RunPreparation>;
  /** What the look just before the start has found out, for the first step. */
  readonly firstBasis: Promise<RunBasis> | undefined;
  readonly log: (message: string) => void;
  readonly now?: Clock;
};

/** Makes ready what the tools of one promotion need, and begins with it while the step before is still looked at. */
export class Preparations {
  readonly #options: PreparationsOptions;
  readonly #ahead: LookAhead<RunBasis>;

  constructor(options: PreparationsOptions) {
    this.#options = options;
    this.#ahead = new LookAhead(options.now);
    if (options.firstBasis !== undefined) {
      this.#ahead.begin(options.firstBasis);
    }
  }

  /** Begins what the step after this one needs first; what goes wrong with it is met again when it is needed. */
  beginNext({ promotion, step, world }: StepContext): void {
    const { steps } = promotion.plan;
    const index = steps.findIndex(({ id }) => id === step.id);
    const next = index === -1 ? undefined : steps[index + 1];
    if (!next) {
      return;
    }
    const kind = stepKinds[next.kind];
    kind.begin?.({ promotion, step: next, world });
    if (kind.effect === 'tool') {
      this.#ahead.begin(this.#options.readBasis(needOf(next.kind)));
    }
  }

  /**
   * Resolves when a step's tool can be started. Waits through an outage, which also is what a machine finds that has
   * just woken up, unless the signal aborts.
   */
  async get(context: StepContext, signal: AbortSignal): Promise<RunPreparation> {
    const need = needOf(context.step.kind);
    const ahead = await this.#ahead.take()?.catch(() => undefined);
    const isEnough = ahead && (ahead.files !== undefined || !need.files);
    return this.#options.prepare(isEnough ? ahead : await this.#readBasis(context, need, signal));
  }

  /** Asks until there is an answer: a tool before this one may have done its work, which no bad answer may hide. */
  async #readBasis({ promotion, step }: StepContext, need: RunNeed, signal: AbortSignal): Promise<RunBasis> {
    const patience = new Patience(clusterPatienceMs, this.#options.now);
    for (let delay = 250; ; delay = Math.min(delay * 2, 5000)) {
      try {
        return await this.#options.readBasis(need);
      } catch (error) {
        patience.count();
        if (!mayPass(error) || signal.aborted || patience.isOver) {
          throw error;
        }
        this.#options.log(`${promotion.id} waits before ${step.id}: ${messageOf(error)}`);
        await patience.pause(delay, signal);
      }
    }
  }
}

function needOf(kind: keyof typeof stepKinds): RunNeed {
  return { files: stepKinds[kind].readsFiles === true };
}
