import type { EnvironmentView } from '../../daemon/protocol/environment.ts';

/**
 * Whose log is meant without a question: what fails below a step, which may be the Job of a hook while nothing else is
 * there yet; else the only workload.
 */
export function findLogWorkload(
  environment: Pick<EnvironmentView, 'workloads' | 'causes'> | undefined,
  { fromStep }: { readonly fromStep: boolean },
): string | undefined {
  const { workloads = [], causes = [] } = environment ?? {};
  const [failing] = causes;
  const [only, ...others] = workloads;
  if (fromStep && failing) {
    return failing.workload;
  }
  return only && others.length === 0 ? `${only.kind.toLowerCase()}/${only.name}` : undefined;
}
