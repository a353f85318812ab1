import { isolateText } from '../isolateText.ts';
import type { Words } from '../words.ts';

/** What a narrow view cuts off a commit's row: its whole subject, who wrote it and when, its whole id. */
export function buildCommitTooltip(
  commit: { readonly id: string; readonly subject: string; readonly author: string; readonly date: string },
  { t, exactTime }: Words,
): string {
  return [commit.subject, t('{0}, {1}', isolateText(commit.author), exactTime(commit.date)), commit.id].join(
    '\n',
  );
}
