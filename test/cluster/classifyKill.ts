import type { JournalEventView } from '../../daemon/protocol/journal.ts';
import type { PlannedStep } from '../../daemon/protocol/plan.ts';

/** Names where in a promotion's life a kill hit, by its events before and after the daemon's death. */
export function classifyKill(options: {
  /** The promotion's own events, oldest first. */
  readonly events: readonly JournalEventView[];
  readonly steps: readonly Pick<PlannedStep, 'id' | 'kind'>[];
  /** When the daemon was seen to be dead, as milliseconds since 1970. */
  readonly diedAt: number;
}): string {
  const { events, steps, diedAt } = options;
  const before = events.filter(({ time }) => Date.parse(time) <= diedAt);
  const after = events.slice(before.length);
  const last = before.at(-1);
  const stepId = readField(last, 'stepId');
  const kind = steps.find(step => step.id === stepId)?.kind ?? 'a step';
  switch (last?.type) {
    case undefined:
      return 'before the start';
    case 'promotion.requested':
    case 'promotion.started':
      return 'before the first step';
    case 'step.completed':
      return 'between steps';
    case 'promotion.ended':
      return 'after the end';
    case 'step.intended':
    case 'step.spawned':
    case 'promotion.recovered':
      return kind === 'verifyWorkloads'
        ? 'in the verification'
        : `${kind}: ${describeDecision(readField(after.find(isRecovery), 'decision'))}`;
    default:
      return last?.type ?? '';
  }
}

function describeDecision(decision: string | undefined): string {
  switch (decision) {
    case 'adopt':
      return 'in the run';
    case 'runAgain':
      return 'before the run';
    case 'goOn':
    case 'stop':
      return 'in the run, which ended while no daemon lived';
    default:
      return `recovered by ${decision ?? 'nothing'}`;
  }
}

function isRecovery({ type }: JournalEventView): boolean {
  return type === 'promotion.recovered';
}

function readField(event: JournalEventView | undefined, name: string): string | undefined {
  const value = (event?.payload as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}
