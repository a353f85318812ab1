import type { LogBatch, LogFiltered, LogView } from '../../../daemon/protocol/log.ts';
import type { KeptLog } from '../../protocol/logMessages.ts';
import type { LogWords } from '../../protocol/logWords.ts';
import { fillIn } from '../../shared/fillIn.ts';
import { readShownSources } from '../frame/buildSourcesBox.ts';
import { buildFilter } from '../keptLog.ts';
import type { LogReader } from '../reading/logReader.ts';
import { type Questions, Refusal } from '../reading/questions.ts';
import type { Reach } from '../reading/reach.ts';
import { findPlace } from './findPlace.ts';

/** What filtering needs of the page. */
export type FilteringParts = {
  readonly reader: LogReader;
  readonly questions: Questions;
  /** The log, what of it is to be shown, and where the screen was before. */
  readonly readView: () => { readonly log: LogView; readonly kept: KeptLog };
  readonly words: LogWords;
  readonly write: (value: number) => string;
  /** Says how far it is; empty when there is nothing to say. */
  readonly say: (sentence: string) => void;
  /** Says to a screen reader what has come of it, once. */
  readonly announce: (sentence: string) => void;
  /** The screen is where it was before. */
  readonly onReturned: () => void;
  /** Something is wrong with what was typed; nothing takes it away. */
  readonly complain: (fault?: string) => void;
};

/** Shows the log or what of it fits a filter. The daemon looks through a long log for a while: what it found is shown at once. */
export class LogFiltering {
  readonly #parts: FilteringParts;
  #asked = 0;
  /** The ids of the sources that the filter lets through; undefined for all. */
  #sources: number[] | undefined;
  #sourcesTimer: number | undefined;
  /** Where the screen was, until the daemon has looked that far. */
  #sought: number | undefined;
  /** How often the screen had been moved by then. */
  #moves = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isFiltered = false;
  /** What has come of the filter has been said. */
  #isTold = true;

  constructor(parts: FilteringParts) {
    this.#parts = parts;
  }

  /** Shows what is wanted, from its end or from where the screen was; `last`: the end of the log, where it is known. */
  async show(last?: LogBatch): Promise<void> {
    const { reader, questions, complain, words, write, onReturned } = this.#parts;
    const { log, kept } = this.#parts.readView();
    const { following, sequence } = kept;
    this.#sources = readShownSources(log.sources, kept);
    const filter = buildFilter(kept, this.#sources);
    this.#asked += 1;
    const asked = this.#asked;
    this.#sought = undefined;
    this.#toldAt = Number.NEGATIVE_INFINITY;
    complain();
    if (!filter) {
      const { total, first } = log;
      this.#parts.say('');
      if (this.#isFiltered) {
        this.#parts.announce(fillIn(words.allShown, write(total - first)));
      }
      this.#isFiltered = false;
      reader.show({ total, first }, following ? 'end' : { place: sequence, onReached: onReturned }, last);
      return;
    }
    this.#isFiltered = true;
    this.#isTold = false;
    this.#parts.say(words.filtering);
    try {
      const { filtered } = await questions.ask({ type: 'filter', filter });
      if (asked === this.#asked) {
        this.#sought = following ? undefined : sequence;
        reader.show(readReach(filtered), following ? 'end' : { place: filtered.first });
        this.#moves = reader.moves;
        this.take(filtered, log.total);
      }
    } catch (error) {
      if (asked === this.#asked && !(error instanceof Refusal && error.code === 'cancelled')) {
        this.#refuse(error);
      }
    }
  }

  /** Lines are shown in another form: what fits by that form is not the same. */
  onOtherForm(): void {
    const { include, exclude } = this.#parts.readView().kept;
    if (include.text === '' && exclude.text === '') {
      this.#parts.reader.rebuild();
    } else {
      void this.show();
    }
  }

  /** There are more sources. A hidden pod stays hidden, and a new one is shown: the filter must name that one, too. */
  onSources(): void {
    const { log, kept } = this.#parts.readView();
    const sources = readShownSources(log.sources, kept);
    if (JSON.stringify(sources) !== JSON.stringify(this.#sources)) {
      this.#sourcesTimer ??= window.setTimeout(() => {
        this.#sourcesTimer = undefined;
        void this.show();
      }, sourcesMs);
    }
  }

  /** Takes how far the daemon has got; `total` entries are to be looked at. */
  take(filtered: LogFiltered, total: number): void {
    const { reader, complain } = this.#parts;
    if (filtered.filterId !== reader.reach.filterId) {
      return;
    }
    reader.setReach(readReach(filtered));
    if (filtered.problem !== undefined) {
      complain(filtered.problem);
      this.#parts.say('');
      return;
    }
    this.#tellProgress(filtered, total);
    const sought = this.#sought;
    if (sought !== undefined && (filtered.scanned > sought || filtered.scanned >= total)) {
      this.#sought = undefined;
      // Whoever has looked at something else meanwhile is not taken away from it.
      if (reader.moves === this.#moves) {
        void this.#return(sought);
      }
    }
  }

  /** Goes back to where the screen was. */
  async #return(sequence: number): Promise<void> {
    const { reader, questions, onReturned } = this.#parts;
    const { filterId } = reader.reach;
    try {
      const place = await findPlace(questions, reader.reach, sequence);
      if (reader.reach.filterId === filterId && !reader.following && reader.moves === this.#moves) {
        reader.goTo(place, { at: 'start', onReached: onReturned });
      }
    } catch {
      // Another filter or another log has taken its place.
    }
  }

  #tellProgress({ scanned, total: found }: LogFiltered, total: number): void {
    const { words, write, say, announce } = this.#parts;
    if (scanned < total - liveEntries) {
      // It is read aloud, and must not begin anew before it was.
      if (performance.now() > this.#toldAt + tellMs) {
        this.#toldAt = performance.now();
        say(fillIn(words.filteringAt, write(scanned), write(total)));
      }
    } else {
      say(found === 0 ? words.nothingFits : '');
      // That nothing fits is said where it is seen.
      if (!this.#isTold && found > 0) {
        announce(fillIn(words.fits, write(found), write(total)));
      }
      this.#isTold = true;
    }
  }

  #refuse(error: unknown): void {
    const { say, complain } = this.#parts;
    say('');
    if (error instanceof Refusal && error.code === 'invalidPattern') {
      complain(error.message);
    } else {
      say(error instanceof Error ? error.message : String(error));
    }
  }
}

/** Pods come in crowds: the filter that hides some is made anew this long after the first, in milliseconds. */
const sourcesMs = 300;

/** How far a filter is is told this often, in milliseconds. */
const tellMs = 1_000;

/** A filter that is so close behind the log has looked through what there was, and follows. */
const liveEntries = 20_000;

function readReach({ filterId, total, first }: LogFiltered): Reach {
  return { filterId, total, first };
}
