import type { Tick } from '../model/check.ts';

/** What the gates and the views ask about ticks. */
export type TickQueries = {
  /** The ticks for a release in an environment, and those that are good for the release everywhere. */
  list(place: TickPlace): readonly Tick[];
};

/** Where ticks are asked for. */
export type TickPlace = {
  readonly repositoryId: string;
  readonly environment: string;
  /** The release's version. */
  readonly release: string;
};

/** The ticks of people: the last one of each check for a release, at its place. */
export type Ticks = TickQueries & {
  /** Keeps a person's word and writes `check.ticked`; it takes the place of an earlier tick of the check. */
  tick(tick: Omit<Tick, 'at' | 'sequence'>): Tick;
  /** Takes a tick back and writes `check.unticked`; does nothing, and answers false, when it is not there any more. */
  untick(tick: Tick, by: { readonly person: string }): boolean;
};
