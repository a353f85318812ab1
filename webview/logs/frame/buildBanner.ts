import type { LogView } from '../../../daemon/protocol/log.ts';
import type { LogWords } from '../../protocol/logWords.ts';

/** What stands above the log: what is in the way, or how the log stands; empty where there is nothing to say. */
export function buildBanner(log: LogView, trouble: string, words: LogWords): string {
  const { state, total } = log;
  if (trouble !== '') {
    return trouble;
  }
  if (state === 'live') {
    return total === 0 ? words.empty : '';
  }
  const reason = log.reason ?? (total === 0 ? findSharedReason(log) : undefined);
  return reason === undefined ? words[state] : `${words[state]}: ${reason}`;
}

/** Why there is nothing, where it is the same for every container: that none has run before, for one. */
function findSharedReason({ sources }: LogView): string | undefined {
  const [first, ...others] = new Set(sources.map(({ reason }) => reason));
  return others.length === 0 ? first : undefined;
}
