import type { PlannedStep } from './plan.ts';
import type { WorkloadImages } from './runningVersion.ts';

/** What is to run: `deployment/agent-name#agent`, or without a container, to its image. */
export type Expectations = Readonly<Record<string, string>>;

/** The fact of a look that says which workloads are as they should be though some pods still run what was before. */
export const behindFact = 'behind';

/** Expects every container of workloads to run its image. */
export function buildExpectations(workloads: WorkloadImages): Expectations {
  return Object.fromEntries(
    Object.entries(workloads).flatMap(([workload, images]) =>
      Object.entries(images).map(([container, image]) => [`${workload}#${container}`, image]),
    ),
  );
}

/** The expectations in a step's input, beside whatever else it holds. */
export function pickExpectations(input: PlannedStep['input']): Expectations {
  return Object.fromEntries(Object.entries(input).filter(([key]) => key.includes('/')));
}

/** The step that waits until what is expected runs and is healthy; none where nothing is expected. */
export function buildVerification(
  id: string,
  { expected, timeoutSeconds }: { readonly expected: Expectations; readonly timeoutSeconds: number },
): readonly PlannedStep[] {
  const [first, ...others] = Object.entries(expected);
  if (!first) {
    return [];
  }
  const [key, image] = first;
  return [
    {
      id,
      kind: 'verifyWorkloads',
      title:
        others.length === 0
          ? `${key.split('#')[0]} runs ${image}`
          : `${countWorkloads(expected)} with ${others.length + 1} images run`,
      input: expected,
      undo: 'None: it only looks.',
      timeoutSeconds,
    },
  ];
}

function countWorkloads(expected: Expectations): string {
  const count = new Set(Object.keys(expected).map(key => key.split('#')[0])).size;
  return count === 1 ? '1 workload' : `${count} workloads`;
}
