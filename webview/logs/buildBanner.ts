import type { LogView } from '../../daemon/protocol/log.ts';
import type { LogWords } from '../protocol/logWords.ts';

/** What stands above the log: what is in the way, or how the log stands; empty where there is nothing to say. */
export function buildBanner({ state, reason, total }: LogView, trouble: string, words: LogWords): string {
  if (trouble !== '') {
    return trouble;
  }
  if (state === 'live') {
    return total === 0 ? words.empty : '';
  }
  return reason === undefined ? words[state] : `${words[state]}: ${reason}`;
}
