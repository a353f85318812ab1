import type { LogBlock } from './logBlock.ts';
import type { LogStore } from './logStore.ts';

/** Entries of a list that were read together: `indexes` are their places in the block, all of it without. */
export type EntryPiece = {
  readonly block: LogBlock;
  readonly indexes?: readonly number[];
  readonly count: number;
  /** The place of the first of them in the list. */
  readonly place: number;
};

/** A log, or a filtered view of it: entries that are read by their place. */
export type EntryList = {
  readonly total: number;
  /** The first that can still be read. */
  readonly first: number;
  /** Reads some entries from a place on, not beyond `to`; `undefined` where there is none. */
  readForward(from: number, to: number): Promise<EntryPiece | undefined>;
  /** Reads some entries that end before `to`, not before `from`. */
  readBackward(from: number, to: number): Promise<EntryPiece | undefined>;
};

/** The place in its block of the entry at a place of the piece. */
export function indexOf({ indexes }: EntryPiece, place: number): number {
  return indexes ? (indexes[place] ?? 0) : place;
}

/** All entries of a log, as a list. */
export function listAll(store: LogStore): EntryList {
  return {
    get total() {
      return store.total;
    },
    get first() {
      return store.first;
    },
    readForward: async (from, to) => toPiece(await store.readForward(from, to)),
    readBackward: async (from, to) => toPiece(await store.readBackward(from, to)),
  };
}

function toPiece(block: LogBlock | undefined): EntryPiece | undefined {
  return block && { block, count: block.count, place: block.first };
}
