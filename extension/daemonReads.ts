import type { JournalEventView } from '../daemon/protocol/journal.ts';
import type { Params } from '../daemon/protocol/messages.ts';
import { loadComparisons } from './state/comparisons.ts';
import type { DaemonRequests } from './state/daemonPort.ts';
import type { ReleaseStore } from './state/releaseStore.ts';
import type { ViewParts } from './views/registerViews.ts';

/** What views ask for on demand; they reach the daemon through these functions only. */
export function buildDaemonReads(
  store: ReleaseStore,
  daemon: DaemonRequests,
): Pick<ViewParts, 'loadRelease' | 'readPlanText' | 'readEvents' | 'check'> {
  return {
    loadRelease: release => void loadComparisons({ store, daemon }, release),
    readPlanText: async (planId, text) => {
      const params = { planId, text: text as Params<'plan.readText'>['text'] };
      return (await daemon.request('plan.readText', params)).text;
    },
    readEvents: promotionId => readEvents(daemon, promotionId),
    check: (text, signal) => daemon.request('procedure.check', { text }, { signal }),
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
