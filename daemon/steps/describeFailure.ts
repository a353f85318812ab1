import { findHelmProblem } from '../tools/helm/helmProblem.ts';

/**
 * Says for people why Helm failed by what it wrote beside the revision, and what they can do; Helm's own words, in one
 * line, where they are not known.
 */
export function describeFailure(description: string): string {
  const problem = findHelmProblem(description);
  // An interruption needs no advice: somebody asked for it.
  return problem && problem.kind !== 'cancelled'
    ? `${problem.sentence} ${problem.next}`
    : description.replaceAll(/\s+/g, ' ').trim();
}
