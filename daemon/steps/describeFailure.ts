import { findHelmProblem } from '../tools/helm/helmProblem.ts';

/**
 * Says for people why Helm failed by what it wrote beside the revision, and what they can do; Helm's own words where
 * they are not known.
 */
export function describeFailure(description: string): string {
  const problem = findHelmProblem(description);
  // An interruption needs no advice: somebody asked for it.
  return problem && problem.kind !== 'cancelled'
    ? `${problem.sentence} ${problem.next}`
    : `${describeRevision(description)}.`;
}

/** Says for people why helm failed by what it printed, and what they can do; `undefined` where its words are not known. */
export function describeOutput(output: string): string | undefined {
  const problem = findHelmProblem(output);
  return problem && `${problem.sentence} ${problem.next}`;
}

/** Says in one line, without a full stop, what Helm wrote beside a revision: "Upgrade complete", or why it failed. */
export function describeRevision(description: string): string {
  const problem = findHelmProblem(description);
  const text = problem && problem.kind !== 'cancelled' ? problem.sentence : description;
  return text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
}
