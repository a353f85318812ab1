import { buildDigest } from '../model/digest.ts';
import { decideNextAction, decideRecovery, decideStepOutcome, type NextAction } from '../model/nextAction.ts';
import { type Promotion, promotionHasEnded, type StepProgress } from '../model/promotion.ts';
import type { Inspection, PromotionEvent, ToolExit } from '../model/promotionEvent.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { StepContext, StepKindDefinition, World } from '../steps/step.ts';
import { stepKinds } from '../steps/stepKinds.ts';
import { describeWorkloads } from './describeWorkloads.ts';
import { explainExit } from './explainExit.ts';
import { inspectStep, messageOf, waitForStep } from './lookAtStep.ts';
import { pause } from './pause.ts';
import { Preparations } from './preparations.ts';
import type {
  AdoptedTool,
  FaultPoint,
  PromotionLedger,
  RunBasis,
  RunNeed,
  RunningTool,
  RunPreparation,
  ToolHost,
} from './runnerPorts.ts';

/** What the runner works with. */
export type PromotionRunnerOptions = {
  readonly ledger: PromotionLedger;
  readonly tools: ToolHost;
  /** Checks the cluster's identity and lays out files just before a tool is started. */
  readBasis(promotion: Promotion, need: RunNeed): Promise<RunBasis>;
  /** Private kubeconfig, folder and environment of a tool; made again after a restart. */
  prepare(promotion: Promotion, basis: RunBasis): Promise<RunPreparation>;
  openWorld(promotion: Promotion): Promise<World & { dispose(): void }>;
  /** Where tests stop the process; does nothing otherwise. */
  fault(point: FaultPoint): void;
  log(message: string): void;
};

type ActiveRun = {
  readonly cancel: AbortController;
  readonly preparations: Preparations;
  tool?: RunningTool;
  finished: Promise<void>;
};

/** Executes promotions step by step; what it does next follows from the journal and the real world alone. */
export class PromotionRunner {
  readonly #options: PromotionRunnerOptions;
  readonly #active = new Map<string, ActiveRun>();

  constructor(options: PromotionRunnerOptions) {
    this.#options = options;
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
        readBasis: need => this.#options.readBasis(promotion, need),
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
        return this.#runStep({ promotion, step: action.step, world }, run, 1);
      case 'recover':
        return this.#recoverStep({ promotion, step: action.step, world }, run, action.progress);
      case 'compensate':
        return this.#compensate({ promotion, step: action.step, world }, action.inspection);
      case 'confirm':
        return this.#append(
          { promotion },
          { type: 'promotion.compensating', step: action.step, reason: promotion.reason ?? '' },
        );
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

  async #runStep(context: StepContext, run: ActiveRun, attempt: number): Promise<void> {
    const kind = stepKinds[context.step.kind];
    if (kind.effect === 'wait') {
      this.#append(context, { type: 'step.intended', stepId: context.step.id, attempt });
      const inspection = await waitForStep(context, kind, this.#cancelSignal(context, run));
      return this.#complete(context, inspection);
    }
    return this.#runTool(context, run, { kind, attempt });
  }

  async #runTool(
    context: StepContext,
    run: ActiveRun,
    { kind, attempt }: { readonly kind: StepKindDefinition; readonly attempt: number },
  ): Promise<void> {
    const { step } = context;
    const { command } = step;
    if (!command) {
      throw new Error(`step ${step.id} has no command`);
    }
    const args = command.args.map(argument => argument.text);
    let preparation: RunPreparation;
    try {
      preparation = await run.preparations.get(context, this.#cancelSignal(context, run));
    } catch (error) {
      this.#append(context, { type: 'step.intended', stepId: step.id, attempt });
      const summary = `Nothing was started: ${messageOf(error)}`;
      return this.#complete(context, { state: 'notDone', summary, facts: {} });
    }
    const spool = preparation.spoolOf(step.id, attempt);
    const argvDigest = buildDigest([command.tool, ...args]);
    this.#append(context, { type: 'step.intended', stepId: step.id, attempt, argvDigest, spool });
    this.#options.fault('beforeSpawn');
    let tool: RunningTool;
    try {
      tool = await this.#options.tools.start({
        tool: command.tool,
        args,
        spool,
        cwd: preparation.cwd,
        env: preparation.env,
        timeoutSeconds: step.timeoutSeconds,
        neverKill: kind.neverKill,
      });
    } catch (error) {
      const inspection = await inspectStep(context, this.#options.log);
      return this.#complete(context, {
        ...inspection,
        summary: `${command.tool} did not start: ${messageOf(error)}. ${inspection.summary}`,
      });
    }
    this.#options.fault('spawned');
    const { pid, startTime } = tool;
    this.#append(context, { type: 'step.spawned', stepId: step.id, pid, startTime });
    this.#options.fault('running');
    return this.#awaitTool(context, run, tool);
  }

  async #awaitTool(context: StepContext, run: ActiveRun, tool: RunningTool): Promise<void> {
    // What puts a broken run right is not interrupted: half of it would be worse than what it found.
    if (!isCompensation(context)) {
      run.tool = tool;
      if (run.cancel.signal.aborted) {
        tool.interrupt();
      }
    }
    const exit = await tool.done;
    delete run.tool;
    this.#options.fault('exited');
    if (exit.code === 0) {
      run.preparations.beginNext(context);
    }
    const inspection = await inspectStep(context, this.#options.log);
    return this.#complete(context, inspection, exit);
  }

  /** What puts a run right goes on to its end, also where the run had been cancelled. */
  #cancelSignal(context: StepContext, run: ActiveRun): AbortSignal {
    return isCompensation(context) ? new AbortController().signal : run.cancel.signal;
  }

  /** A step was in flight when the daemon died: first what became of its tool, then what the real world says. */
  async #recoverStep(context: StepContext, run: ActiveRun, progress: StepProgress): Promise<void> {
    const { step } = context;
    const kind = stepKinds[step.kind];
    if (kind.effect === 'wait' || progress.spool === undefined) {
      return this.#recoverWithoutTool(context, run, progress);
    }
    const adopted = await this.#options.tools.adopt({
      tool: step.command?.tool ?? 'helm',
      spool: progress.spool,
      timeoutSeconds: step.timeoutSeconds,
      neverKill: kind.neverKill,
    });
    const inspection: Inspection =
      adopted.state === 'running'
        ? { state: 'running', summary: `Its process ${adopted.tool.pid} still runs.`, facts: {} }
        : await inspectStep(context, this.#options.log);
    const decision = decideRecovery(adopted.state, inspection, kind.looks ? 'looks' : 'changes');
    this.#append(context, { type: 'promotion.recovered', stepId: step.id, inspection, decision });
    this.#options.log(`recovered ${context.promotion.id} in ${step.id}: ${adopted.state}, ${decision}`);
    if (adopted.state === 'running') {
      return this.#awaitTool(context, run, adopted.tool);
    }
    if (decision === 'runAgain' && (isCompensation(context) || !this.#reload(context).cancelRequested)) {
      return this.#runStep(context, run, progress.attempt + 1);
    }
    return this.#complete(context, inspection, buildExit(adopted));
  }

  async #recoverWithoutTool(context: StepContext, run: ActiveRun, progress: StepProgress): Promise<void> {
    const inspection = await inspectStep(context, this.#options.log);
    this.#append(context, {
      type: 'promotion.recovered',
      stepId: context.step.id,
      inspection,
      decision: 'runAgain',
    });
    return this.#runStep(context, run, progress.attempt + 1);
  }

  async #compensate(context: StepContext, inspection: Inspection): Promise<void> {
    const step = stepKinds[context.step.kind].buildCompensation?.(context, inspection);
    if (!step) {
      this.#options.ledger.end(context.promotion.id, {
        type: 'promotion.ended',
        outcome: 'needsPerson',
        reason: `"${context.step.title}": ${inspection.summary} Nobody but a person can put it right.`,
      });
      return;
    }
    const reason = `"${context.step.title}": ${inspection.summary} "${step.title}" puts it right.`;
    this.#append(context, { type: 'promotion.compensating', step, reason });
  }

  #complete(context: StepContext, looked: Inspection, exit?: ToolExit): void {
    const { cancelRequested } = this.#reload(context);
    const output = exit && this.#options.ledger.keepOutput(context.promotion.id, context.step.id);
    const inspection = exit && output ? explainExit(looked, exit, output.text) : looked;
    const outcome = decideStepOutcome({ inspection, cancelRequested, ...(exit ? { exit } : {}) });
    this.#append(context, {
      type: 'step.completed',
      stepId: context.step.id,
      outcome,
      inspection,
      ...(exit ? { exit } : {}),
      ...(output ? { output: output.digest } : {}),
    });
  }

  #reload(context: StepContext): Promotion {
    return this.#options.ledger.load(context.promotion.id);
  }

  #append(context: { readonly promotion: Promotion }, event: PromotionEvent): void {
    this.#options.ledger.append(context.promotion.id, event);
  }
}

/** True for a step that puts right what a broken run left. */
function isCompensation({ promotion, step }: StepContext): boolean {
  return promotion.compensations.some(({ id }) => id === step.id);
}

function buildExit(adopted: AdoptedTool): ToolExit {
  return adopted.state === 'ended' ? adopted.exit : { code: null, reason: 'lost' };
}
