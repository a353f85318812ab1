import type { Inspection } from '../model/promotionEvent.ts';
import type { WorkloadStatus } from '../model/rollout.ts';
import { isSameImage } from '../model/runningVersion.ts';
import { behindFact, pickExpectations } from '../model/verification.ts';
import { type Clock, Patience } from './patience.ts';
import type { StepContext, StepKindDefinition } from './step.ts';

/** Waits until every workload of the plan runs the planned image and is healthy; runs nothing. */
export const verifyWorkloads: StepKindDefinition = {
  effect: 'wait',
  neverKill: false,
  inspect,
  wait,
  begin: ({ world }) => world.beginWorkloads(),
};

/**
 * How long a workload must fail to be believed, in milliseconds: a controller that is just taking a change in may say
 * for a moment what held before. What was never asked for, such as another image, is believed at once.
 */
const settleMs = 5_000;

/** How long nothing may change before it is looked again, in milliseconds. */
const longestPauseMs = 2_000;

async function inspect(context: StepContext): Promise<Inspection> {
  return (await look(context)).inspection;
}

async function look(context: StepContext) {
  const workloads = await context.world.workloads();
  const results = parseExpectations(context.step.input).map(expected => judge(expected, workloads));
  const worst =
    results.find(result => result.state === 'failed') ?? results.find(result => result.state === 'running');
  const cause = worst ? context.world.causes()[0] : undefined;
  const detail = cause ? ` ${cause.pod}: ${cause.reason}${cause.message ? `, ${cause.message}` : ''}.` : '';
  const behind = results.filter(result => result.isBehind).map(result => result.sentence);
  const inspection: Inspection = {
    state: worst?.state ?? 'done',
    summary: `${(worst ? [worst] : results).map(result => result.sentence).join(' ')}${detail}`,
    facts: {
      ...Object.fromEntries(results.map(result => [result.name, result.sentence])),
      ...(behind.length > 0 ? { [behindFact]: behind.join(' ') } : {}),
    },
  };
  return { inspection, mayPass: worst?.mayPass ?? false };
}

async function wait(context: StepContext, signal: AbortSignal, now?: Clock): Promise<Inspection> {
  const patience = new Patience(context.step.timeoutSeconds * 1000, now);
  let failing: Patience | undefined;
  for (;;) {
    const changed = onceChanged(context, signal);
    try {
      const { inspection, mayPass } = await look(context);
      const hasSlept = patience.count();
      failing?.count();
      // Nobody has looked while the machine slept: the failure may be another one.
      const known = hasSlept ? undefined : failing;
      failing = inspection.state === 'failed' ? (known ?? new Patience(settleMs, now)) : undefined;
      const settles = mayPass && failing?.isOver === false;
      if (signal.aborted || (inspection.state !== 'running' && !settles)) {
        return inspection;
      }
      if (patience.isOver) {
        return { ...inspection, state: 'failed', summary: `${inspection.summary} Time is up.` };
      }
      await patience.pauseFor(longestPauseMs, changed.promise);
    } finally {
      changed.dispose();
    }
  }
}

type Expectation = { readonly name: string; readonly container: string; readonly image: string };

/** `input` maps `deployment/agent-name#agent` to the image that is to run there. */
function parseExpectations(input: Readonly<Record<string, string>>): readonly Expectation[] {
  return Object.entries(pickExpectations(input)).map(([key, image]) => {
    const [name = '', container = ''] = key.split('#');
    return { name, container, image };
  });
}

type Judgement = {
  readonly name: string;
  readonly state: 'done' | 'running' | 'failed';
  readonly sentence: string;
  /** True for a failure that is over when its controller has caught up. */
  readonly mayPass?: boolean;
  /** True where it is as it should be though some of its pods still run what was before. */
  readonly isBehind?: boolean;
};

function judge(expected: Expectation, workloads: readonly WorkloadStatus[]): Judgement {
  const { name, container, image } = expected;
  const workload = workloads.find(candidate => `${candidate.kind.toLowerCase()}/${candidate.name}` === name);
  if (!workload) {
    return { name, state: 'failed', sentence: `${name} does not exist.` };
  }
  const runs = container ? workload.images[container] : Object.values(workload.images)[0];
  if (runs === undefined || !isSameImage(runs, image)) {
    return {
      name,
      state: 'failed',
      sentence: `${name} runs ${runs ?? 'no such container'}, not ${image}.`,
    };
  }
  if (workload.health === 'fail') {
    return { name, state: 'failed', sentence: `${name}: ${workload.reason}.`, mayPass: true };
  }
  if (workload.health !== 'pass') {
    return { name, state: 'running', sentence: `${name}: ${workload.reason}.` };
  }
  return workload.updated < workload.desired
    ? { name, state: 'done', sentence: `${name} is set to ${image}: ${workload.reason}.`, isBehind: true }
    : { name, state: 'done', sentence: `${name} runs ${image}: ${workload.reason}.` };
}

/** Resolves at the next change, after two seconds, or when the signal aborts. */
function onceChanged(context: StepContext, signal: AbortSignal): { promise: Promise<void>; dispose(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const subscription = context.world.onChanged(() => resolve());
  const timer = setTimeout(resolve, longestPauseMs);
  const end = () => resolve();
  signal.addEventListener('abort', end, { once: true });
  const dispose = () => {
    signal.removeEventListener('abort', end);
    clearTimeout(timer);
    subscription.dispose();
  };
  return { promise, dispose };
}
