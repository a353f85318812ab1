import type { LogBatch } from '../../../daemon/protocol/log.ts';
import type { LogDocument } from '../document/logDocument.ts';
import { splitBatch } from '../document/parseEntry.ts';
import { decideFollow, type FollowEvent } from './decideFollow.ts';
import { adaptBefore, planRead, type ReadPlan, readSizes } from './planRead.ts';
import type { Questions } from './questions.ts';
import { extendReach, type Reach } from './reach.ts';
import { ReadsAhead } from './readsAhead.ts';

/** What a reader needs. */
export type ReaderParts = {
  readonly document: LogDocument;
  readonly questions: Questions;
  /** Whether it begins by following. */
  readonly following: boolean;
  /** Called at most once a frame, after something that is told in numbers may have changed. */
  readonly onChanged: () => void;
  readonly onProblem: (error: unknown) => void;
};

/** How long after a deed the screen may still move because of it, in milliseconds. */
const deedMs = 400;

/** A place to be gone to; `onReached` is called once it is on the screen. */
type Goal = { readonly place: number; readonly onReached?: () => void };

/** Reads the log by place as the screen needs it, and follows its end: one change a frame. */
export class LogReader {
  readonly #parts: ReaderParts;
  #reach: Reach = { total: 0, first: 0 };
  #following: boolean;
  #goal: (Goal & { readonly at: 'start' | 'center'; readonly toEnd?: boolean }) | undefined;
  #before: number = readSizes.step;
  readonly #reads: ReadsAhead;
  #frame: number | undefined;
  /** A follower's screen is at the end, as far as is known. */
  #isSettled = true;
  #isDrawing = false;
  /** Frames for which the end is scrolled to again, after somebody has gone to the last entry without following. */
  #ending = 0;
  #deed: { readonly event: FollowEvent; readonly until: number } | undefined;
  #skipped = 0;
  #moves = 0;
  /** How many entries there were when following began or stopped last. */
  #seen = 0;
  #active = false;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    const { questions, onProblem } = parts;
    this.#following = parts.following;
    this.#reads = new ReadsAhead({ questions, onProblem, onChanged: () => this.request() });
  }

  get reach(): Reach {
    return this.#reach;
  }

  get following(): boolean {
    return this.#following;
  }

  /** The place that is being gone to; undefined once it is on the screen. */
  get heading(): number | undefined {
    return this.#goal?.place;
  }

  /** How often somebody has moved the screen, or had it moved: what was to be gone to before that is not any more. */
  get moves(): number {
    return this.#moves;
  }

  /** Entries that came since following stopped. */
  get unseen(): number {
    return this.#following ? 0 : Math.max(0, this.#reach.total - this.#seen);
  }

  /** Entries that were passed over while following, to keep up. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Shows another log or another view of it, from a place on or from its end. */
  show(reach: Reach, from: Goal | 'end', last?: LogBatch): void {
    this.#reach = reach;
    this.#reads.forget();
    this.#active = true;
    this.#skipped = 0;
    this.#seen = reach.total;
    this.#following = from === 'end';
    this.#ending = 0;
    this.#goal = from === 'end' ? undefined : { ...from, place: this.#clamp(from.place), at: 'start' };
    const { document } = this.#parts;
    if (last && last.count > 0 && from === 'end') {
      document.replace(last.from, splitBatch(last));
    } else {
      document.replace(Math.max(reach.first, reach.total - readSizes.around), []);
    }
    this.#isSettled = false;
    this.request();
  }

  /** Takes how much there is now. */
  setReach(reach: Reach): void {
    this.#reach = extendReach(this.#reach, reach);
    this.request();
  }

  /** Goes to a place; `onReached` is called once it is on the screen. */
  goTo(place: number, options: { readonly at: 'start' | 'center'; readonly onReached?: () => void }): void {
    this.take({ kind: 'jump' });
    const toEnd = options.at === 'start' && place === this.#reach.total - 1;
    this.#goal = { place: this.#clamp(place), ...options, toEnd };
    this.request();
  }

  /** Takes a deed that may begin or end the following. */
  take(event: FollowEvent): void {
    this.#moves += 1;
    this.#ending = 0;
    const before = this.#following;
    this.#following = decideFollow(before, event, this.#isAtEnd());
    // Where the deed leads is seen only after the editor has scrolled.
    const moves = event.kind === 'wheel' || event.kind === 'key';
    this.#deed = moves ? { event, until: performance.now() + deedMs } : undefined;
    this.#onFollowing(before);
  }

  /** The screen has moved. */
  onScrolled(): void {
    const deed = this.#deed;
    if (deed && !this.#following && performance.now() < deed.until && this.#isAtEnd()) {
      this.take(deed.event);
    }
    // Its own scrolling leads a follower to the end: there is nothing to be done in a frame of its own.
    if (!(this.#following && this.#parts.document.isAtEnd())) {
      this.request();
    }
  }

  /** Heights or the size of the page have changed: a follower stays at the end. */
  onMoved(): void {
    this.#isSettled = false;
    // A frame that follows the end asks for another one itself, where it has to.
    if (!(this.#isDrawing && this.#following)) {
      this.request();
    }
  }

  /** Shows what is held anew, in another form, without moving the screen. */
  rebuild(): void {
    const { top } = this.#parts.document.readScreen();
    this.show(this.#reach, this.#following ? 'end' : { place: top });
  }

  /** Asks for a frame: everything that is done to the document is done in one. */
  request(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#isDrawing = true;
      try {
        this.#onFrame();
      } finally {
        this.#isDrawing = false;
      }
      if (this.#active && this.#following && !this.#isSettled) {
        this.request();
      }
    });
  }

  #onFrame(): void {
    if (!this.#active) {
      return;
    }
    const { document, onChanged } = this.#parts;
    for (const { plan, batch } of this.#reads.takeAnswers()) {
      this.#apply(plan, batch);
      this.#isSettled = false;
    }
    this.#reachGoal();
    if (this.#following && !this.#isSettled) {
      this.#isSettled = document.scrollToEnd();
    } else if (this.#ending > 0) {
      this.#ending -= 1;
      document.scrollToEnd();
      this.request();
    }
    this.#ask();
    onChanged();
  }

  #ask(): void {
    const { document } = this.#parts;
    const { top, bottom } = document.readScreen();
    const goal = this.#goal && !this.#holds(this.#goal.place) ? this.#goal.place : undefined;
    const plan = planRead({
      ...this.#reach,
      start: document.start,
      end: document.end,
      top,
      bottom,
      following: this.#following,
      before: this.#before,
      ...(goal === undefined ? {} : { goal }),
    });
    const { filterId } = this.#reach;
    if (plan) {
      this.#reads.ask(plan, filterId);
    }
    if (this.#following) {
      this.#reads.askAhead(filterId);
    }
  }

  #apply(plan: ReadPlan, batch: LogBatch): void {
    const { document } = this.#parts;
    this.#reach = extendReach(this.#reach, { ...this.#reach, total: batch.total, first: batch.first });
    const rows = splitBatch(batch);
    switch (plan.kind) {
      case 'replace':
        if (this.#following) {
          // What was there before somebody went to the end was not passed over to keep up.
          this.#skipped += Math.max(0, Math.min(plan.skipped, plan.from - this.#seen));
        }
        document.replace(batch.from, rows);
        break;
      case 'append':
        if (rows.length > 0 && batch.from !== document.end) {
          // What lay between made way for newer entries before it was read.
          document.replace(batch.from, rows);
        } else if (rows.length > 0 && this.#following) {
          document.follow(rows);
        } else if (rows.length > 0) {
          document.append(rows);
        }
        break;
      case 'prepend':
        this.#prepend(plan, batch, rows);
        break;
    }
  }

  /** Rows before the first fit only when they end there. */
  #prepend(plan: ReadPlan, batch: LogBatch, rows: readonly string[]): void {
    const { document } = this.#parts;
    const fits = rows.length > 0 && batch.from + rows.length === document.start;
    if (fits) {
      document.prepend(rows);
    }
    if (fits || batch.from === plan.from) {
      this.#before = adaptBefore(this.#before, { limit: plan.limit, got: rows.length, fits });
    }
  }

  #reachGoal(): void {
    const goal = this.#goal;
    if (!goal || this.#reach.total === 0) {
      this.#goal = undefined;
    } else if (this.#holds(goal.place)) {
      this.#goal = undefined;
      // What is still being read for another place would take the screen away from this one.
      this.#reads.forget();
      this.#parts.document.show(goal.place, goal);
      this.#ending = goal.toEnd && goal.place === this.#reach.total - 1 ? endingFrames : 0;
      goal.onReached?.();
    } else if (goal.place >= this.#reach.total || goal.place < this.#reach.first) {
      this.#goal = { ...goal, place: this.#clamp(goal.place) };
    }
  }

  #onFollowing(before: boolean): void {
    if (this.#following !== before) {
      this.#parts.document.settle();
      this.#seen = this.#reach.total;
      this.#isSettled = false;
      this.#skipped = this.#following ? 0 : this.#skipped;
      this.#goal = undefined;
      this.#reads.forget();
    }
    this.request();
  }

  #isAtEnd(): boolean {
    const { document } = this.#parts;
    return document.readScreen().atBottom && this.#reach.total - document.end < readSizes.around;
  }

  #holds(place: number): boolean {
    const { start, end } = this.#parts.document;
    return place >= start && place < end;
  }

  #clamp(place: number): number {
    return Math.max(this.#reach.first, Math.min(place, this.#reach.total - 1), 0);
  }
}

/** For so many frames the end is scrolled to again, since heights are measured after a change. */
const endingFrames = 4;
