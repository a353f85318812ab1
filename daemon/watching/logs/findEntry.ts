import type { LogPattern } from '../../protocol/log.ts';
import { type EntryList, type EntryPiece, indexOf } from './entryList.ts';
import { buildLineMatcher } from './lineMatcher.ts';
import { runSlice, yieldTurn } from './runSlice.ts';

/** What is looked for, and from where. */
export type EntrySearch = {
  readonly pattern: LogPattern;
  readonly from: number;
  readonly direction: 'forward' | 'backward';
};

/**
 * Looks for the first line that holds a pattern, from a place on (it included) in either direction; `undefined` where
 * there is none. Throws `invalidPattern`, or the signal's reason.
 */
export async function findEntry(
  list: EntryList,
  { pattern, from, direction }: EntrySearch,
  signal: AbortSignal,
): Promise<number | undefined> {
  const test = buildLineMatcher(pattern);
  const isForward = direction === 'forward';
  // What comes while it is looked for is not looked at: a flood would never end.
  const end = list.total;
  for (let place = isForward ? from : Math.min(from + 1, end); ; ) {
    signal.throwIfAborted();
    const piece = isForward ? await list.readForward(place, end) : await list.readBackward(0, place);
    if (!piece) {
      return undefined;
    }
    const found = await findInPiece(piece, { test, isForward, isGuarded: pattern.regex }, signal);
    if (found !== undefined) {
      return piece.place + found;
    }
    place = isForward ? piece.place + piece.count : piece.place;
  }
}

async function findInPiece(
  piece: EntryPiece,
  search: {
    readonly test: (text: string) => boolean;
    readonly isForward: boolean;
    readonly isGuarded: boolean;
  },
  signal: AbortSignal,
): Promise<number | undefined> {
  let found: number | undefined;
  for (let done = 0; done < piece.count && found === undefined; ) {
    signal.throwIfAborted();
    const offset = done;
    done += runSlice(
      piece.count - offset,
      step => {
        const at = search.isForward ? offset + step : piece.count - 1 - offset - step;
        if (search.test(piece.block.textOf(indexOf(piece, at)))) {
          found = at;
        }
        return found !== undefined;
      },
      search,
    );
    await yieldTurn();
  }
  return found;
}
