import type { Commit } from '../../model/plan.ts';
import {
  buildCountRun,
  buildIsAncestorRun,
  buildLogRun,
  type CommitSpan,
} from '../../tools/git/historyRuns.ts';
import { type Clone, resolveCommit, runInClone } from './clone.ts';

/** What lies between two commits. */
export type Comparison = {
  readonly from?: string;
  readonly to: string;
  /**
   * `forward`: `to` brings commits; `backward`: it takes them back; `unrelated`: it does both, or the history of
   * `from` is not known here; `first`: there is no `from`.
   */
  readonly direction: 'forward' | 'backward' | 'unrelated' | 'first' | 'same';
  /** The commits that come (backward: that go), newest first, cut at the limit. */
  readonly commits: readonly Commit[];
  /** How many there are in all. */
  readonly total: number;
};

/** Compares two commits of a clone by their full ids; lists at most `limit` commits. */
export async function compareCommits(
  clone: Clone,
  range: { readonly from?: string; readonly to: string },
  limit = 200,
): Promise<Comparison> {
  const { from, to } = range;
  if (from === undefined) {
    return { to, direction: 'first', ...(await list(clone, { to }, limit)) };
  }
  if (from === to) {
    return { from, to, direction: 'same', commits: [], total: 0 };
  }
  if ((await resolveCommit(clone, from)) === undefined) {
    return { from, to, direction: 'unrelated', commits: [], total: 0 };
  }
  const [forward, backward] = await Promise.all([
    runInClone(clone, buildIsAncestorRun(from, to)),
    runInClone(clone, buildIsAncestorRun(to, from)),
  ]);
  const span = backward ? { from: to, to: from } : { from, to };
  const direction = forward ? 'forward' : backward ? 'backward' : 'unrelated';
  return { from, to, direction, ...(await list(clone, span, limit)) };
}

async function list(
  clone: Clone,
  span: CommitSpan,
  limit: number,
): Promise<Pick<Comparison, 'commits' | 'total'>> {
  const [commits, total] = await Promise.all([
    runInClone(clone, buildLogRun(span, limit)),
    runInClone(clone, buildCountRun(span)),
  ]);
  return { commits, total };
}
