import { decideNextAction, type NextAction } from '../model/nextAction.ts';
import { type Promotion, promotionHasEnded } from '../model/promotion.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { pause } from '../steps/pause.ts';
import type { World } from '../steps/step.ts';
import { describeWorkloads } from './describeWorkloads.ts';
import { messageOf } from './lookAtStep.ts';
import { Preparations } from './preparations.ts';
import type { RunBasis, RunNeed, RunPreparation } from './runnerPorts.ts';
import { type PromotionRun, StepRunner, type StepRunnerOptions } from './stepRunner.ts';

/** What the runner works with. */
export type PromotionRunnerOptions = StepRunnerOptions & {
  /** Checks the cluster's identity and lays out files just before a tool is started. */
  readBasis(promotion: Promotion, need: RunNeed): Promise<RunBasis>;
  /** Private kubeconfig, folder and environment of a tool; made again after a restart. */
  prepare(promotion: Promotion, basis: RunBasis): Promise<RunPreparation>;
  openWorld(promotion: Promotion): Promise<World & { dispose(): void }>;
};

type ActiveRun = PromotionRun & { finished: Promise<void> };

/** Executes promotions step by step; what it does next follows from the journal and the real world alone. */
export class PromotionRunner {
  readonly #options: PromotionRunnerOptions;
  readonly #steps: StepRunner;
  readonly #active = new Map<string, ActiveRun>();

  constructor(options: PromotionRunnerOptions) {
    this.#options = options;
    this.#steps = new StepRunner(options);
  }

  /** The promotions that run now. */
  get active(): readonly string[] {
    return [...this.#active.keys()];
  }

  /** Begins or goes on with a promotion that the ledger says is running; `firstBasis` is for its first step. */
  drive(promotionId: string, firstBasis?: Promise<RunBasis>): void {
    if (this.#active.has(promotionId)) {
      return;
    }
    const promotion = this.#options.ledger.load(promotionId);
    const run: ActiveRun = {
      cancel: new AbortController(),
      preparations: new Preparations({
        // As it stands then: what has been done already counts.
        readBasis: need => this.#options.readBasis(this.#options.ledger.load(promotionId), need),
        prepare: basis => this.#options.prepare(promotion, basis),
        log: this.#options.log,
        firstBasis,
      }),
      finished: Promise.resolve(),
    };
    if (promotion.cancelRequested) {
      run.cancel.abort();
    }
    this.#active.set(promotionId, run);
    run.finished = this.#drive(promotionId, run).finally(() => this.#active.delete(promotionId));
  }

  /** Asks the running step to stop and resolves when the promotion has ended. Throws `notRunning`. */
  async cancel(promotionId: string, person: string): Promise<Promotion> {
    const run = this.#active.get(promotionId);
    const promotion = this.#options.ledger.load(promotionId);
    if (!run || promotionHasEnded(promotion)) {
      throw new SlipwayError(
        'notRunning',
        `Promotion ${promotionId} is not running: it is ${promotion.state}.`,
      );
    }
    if (!promotion.cancelRequested) {
      this.#options.ledger.append(promotionId, { type: 'promotion.cancelRequested', person });
    }
    run.cancel.abort();
    run.tool?.interrupt();
    await run.finished;
    return this.#options.ledger.load(promotionId);
  }

  /** Resolves when a promotion is no longer driven by this runner. */
  async finished(promotionId: string): Promise<void> {
    await this.#active.get(promotionId)?.finished;
  }

  /**
   * A full disk, or a defect, stops the loop: the promotion stays as the journal has it, and is gone on with after a
   * while by the same look at the real world as after a restart.
   */
  async #drive(promotionId: string, run: ActiveRun): Promise<void> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#loop(promotionId, run);
      } catch (error) {
        const seconds = Math.min(300, 5 * 2 ** failures);
        this.#options.log(`promotion ${promotionId} stopped, again in ${seconds} s: ${messageOf(error)}`);
        await pause(seconds * 1000, run.cancel.signal);
      }
    }
  }

  async #loop(promotionId: string, run: ActiveRun): Promise<void> {
    const world = await this.#options.openWorld(this.#options.ledger.load(promotionId));
    try {
      for (;;) {
        const promotion = this.#options.ledger.load(promotionId);
        if (promotionHasEnded(promotion)) {
          return;
        }
        await this.#perform(promotion, decideNextAction(promotion), { world, run });
      }
    } finally {
      world.dispose();
    }
  }

  async #perform(
    promotion: Promotion,
    action: NextAction,
    { world, run }: { readonly world: World; readonly run: ActiveRun },
  ): Promise<void> {
    switch (action.type) {
      case 'run':
        return this.#steps.run({ promotion, step: action.step, world }, run, 1);
      case 'recover':
        return this.#steps.recover({ promotion, step: action.step, world }, run, action.progress);
      case 'compensate':
        return this.#steps.compensate({ promotion, step: action.step, world }, action.inspection);
      case 'confirm':
        return this.#options.ledger.append(promotion.id, {
          type: 'promotion.compensating',
          step: action.step,
          reason: promotion.reason ?? '',
        });
      case 'end': {
        const { outcome } = action;
        const reason =
          outcome === 'succeeded'
            ? action.reason
            : [action.reason, ...(await describeWorkloads(promotion, world))].join(' ');
        this.#options.ledger.end(promotion.id, { type: 'promotion.ended', outcome, reason });
      }
    }
  }
}
