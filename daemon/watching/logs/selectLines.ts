import type { LogSelection } from './runReader.ts';

/**
 * What is wanted of what a container wrote before its log was opened. Of one that is read only later, everything since
 * the opening, `openedAt`, instead of the last lines: those may all be newer.
 */
export function selectLines(
  { tailLines, sinceSeconds, previous }: LogSelection & { readonly previous: boolean },
  openedAt: number | undefined,
): LogSelection {
  const isLimited = tailLines !== undefined || sinceSeconds !== undefined;
  if (isLimited && openedAt !== undefined && !previous) {
    const passed = Math.max(1, Math.ceil((Date.now() - openedAt) / 1000));
    return { sinceSeconds: (sinceSeconds ?? 0) + passed };
  }
  return {
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
  };
}
