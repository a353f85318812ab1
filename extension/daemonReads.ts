import type { JournalEventView } from '../daemon/protocol/journal.ts';
import type { Params, Result } from '../daemon/protocol/messages.ts';
import type { DaemonRequests } from './state/daemonPort.ts';

/** What views read on demand; they reach the daemon through these functions only. */
export function buildDaemonReads(daemon: DaemonRequests) {
  return {
    /** One side of a plan's diffs, as YAML. */
    planText: async (planId: string, text: string): Promise<string> => {
      const answer = await daemon.request('plan.readText', {
        planId,
        text: text as Params<'plan.readText'>['text'],
      });
      return answer.text;
    },
    /** Every event of a promotion, oldest first. */
    events: (promotionId: string) => readEvents(daemon, promotionId),
    /** What is to mend in the text of a slipway.yaml. */
    check: (text: string, signal: AbortSignal): Promise<Result<'procedure.check'>> =>
      daemon.request('procedure.check', { text }, { signal }),
  };
}

const pageSize = 1000;

async function readEvents(daemon: DaemonRequests, promotionId: string): Promise<readonly JournalEventView[]> {
  const events: JournalEventView[] = [];
  for (;;) {
    const since = events.at(-1)?.sequence ?? 0;
    const page = await daemon.request('journal.read', { since, limit: pageSize, promotionId });
    events.push(...page.events);
    if (page.events.length < pageSize) {
      return events;
    }
  }
}
