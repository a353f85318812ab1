import { setImmediate as nextTurn } from 'node:timers/promises';
import { buildDigest } from '../model/digest.ts';
import { decideRecovery, decideStepOutcome } from '../model/nextAction.ts';
import type { Promotion, StepProgress } from '../model/promotion.ts';
import type { Inspection, PromotionEvent, ToolExit } from '../model/promotionEvent.ts';
import { LookAhead } from '../steps/lookAhead.ts';
import type { StepContext, StepKindDefinition } from '../steps/step.ts';
import { stepKinds } from '../steps/stepKinds.ts';
import { explainExit } from './explainExit.ts';
import { inspectStep, messageOf, waitForStep } from './lookAtStep.ts';
import type { Preparations } from './preparations.ts';
import type {
  AdoptedTool,
  FaultPoint,
  KeptOutput,
  PromotionLedger,
  RunningTool,
  RunPreparation,
  ToolHost,
} from './runnerPorts.ts';

/** What running a step works with. */
export type StepRunnerOptions = {
  readonly ledger: PromotionLedger;
  readonly tools: ToolHost;
  /** Where tests stop the process; does nothing otherwise. */
  fault(point: FaultPoint): void;
  log(message: string): void;
};

/** The promotion that a step belongs to, as it runs now. */
export type PromotionRun = {
  readonly cancel: AbortController;
  readonly preparations: Preparations;
  /** The tool that a cancel interrupts. */
  tool?: RunningTool;
};

/** Runs a step, recovers one that was in flight when the daemon died, and puts right what a broken one left. */
export class StepRunner {
  readonly #options: StepRunnerOptions;

  constructor(options: StepRunnerOptions) {
    this.#options = options;
  }

  /** Runs a step to its end; `attempt` counts from 1. */
  async run(context: StepContext, run: PromotionRun, attempt: number): Promise<void> {
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
    run: PromotionRun,
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

  async #awaitTool(context: StepContext, run: PromotionRun, tool: RunningTool): Promise<void> {
    const ahead = new LookAhead<Inspection>();
    const kind = stepKinds[context.step.kind];
    if (kind.looks) {
      // Nothing changes while it runs: what is to be seen after it can be asked for at once.
      ahead.begin(kind.inspect(context));
      run.preparations.beginNext(context);
    }
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
    if (exit.code === 0 && !kind.looks) {
      run.preparations.beginNext(context);
    }
    const looking = this.#look(context, exit, ahead);
    // The question goes out first: what was printed is kept while its answer is on the way.
    await nextTurn();
    const output = this.#options.ledger.keepOutput(context.promotion.id, context.step.id);
    return this.#complete(context, await looking, { exit, output });
  }

  /** What was seen while a tool that only looks did the same counts, where it has found nothing wrong. */
  async #look(context: StepContext, exit: ToolExit, ahead: LookAhead<Inspection>): Promise<Inspection> {
    const seen = exit.code === 0 ? await ahead.take()?.catch(() => undefined) : undefined;
    return seen?.state === 'done' ? seen : inspectStep(context, this.#options.log);
  }

  /** What puts a run right goes on to its end, also where the run had been cancelled. */
  #cancelSignal(context: StepContext, run: PromotionRun): AbortSignal {
    return isCompensation(context) ? new AbortController().signal : run.cancel.signal;
  }

  /** A step was in flight when the daemon died: first what became of its tool, then what the real world says. */
  async recover(context: StepContext, run: PromotionRun, progress: StepProgress): Promise<void> {
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
      return this.run(context, run, progress.attempt + 1);
    }
    const output = this.#options.ledger.keepOutput(context.promotion.id, step.id);
    return this.#complete(context, inspection, { exit: buildExit(adopted), output });
  }

  async #recoverWithoutTool(context: StepContext, run: PromotionRun, progress: StepProgress): Promise<void> {
    const inspection = await inspectStep(context, this.#options.log);
    this.#append(context, {
      type: 'promotion.recovered',
      stepId: context.step.id,
      inspection,
      decision: 'runAgain',
    });
    return this.run(context, run, progress.attempt + 1);
  }

  /** Plans what puts a broken step right; where nothing does, the promotion ends and a person must. */
  compensate(context: StepContext, inspection: Inspection): void {
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

  #complete(context: StepContext, looked: Inspection, { exit, output }: Ended = {}): void {
    const { cancelRequested } = this.#reload(context);
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

  #append(context: StepContext, event: PromotionEvent): void {
    this.#options.ledger.append(context.promotion.id, event);
  }
}

/** How a step's tool ended, and what it had printed. */
type Ended = { readonly exit?: ToolExit; readonly output?: KeptOutput | undefined };

/** True for a step that puts right what a broken run left. */
function isCompensation({ promotion, step }: StepContext): boolean {
  return promotion.compensations.some(({ id }) => id === step.id);
}

function buildExit(adopted: AdoptedTool): ToolExit {
  return adopted.state === 'ended' ? adopted.exit : { code: null, reason: 'lost' };
}
