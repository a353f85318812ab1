import type { LogMatch, LogPattern } from '../../daemon/protocol/log.ts';
import type { LogWords } from '../protocol/logWords.ts';
import { fillIn } from '../shared/fillIn.ts';
import type { Direction } from './buildFindBar.ts';
import type { LogDocument } from './logDocument.ts';
import type { LogReader } from './logReader.ts';
import { MatchMarks } from './matchMarks.ts';
import { type Questions, Refusal } from './questions.ts';

/** What a finder needs. */
export type FinderParts = {
  readonly document: LogDocument;
  readonly reader: LogReader;
  readonly questions: Questions;
  readonly words: LogWords;
  readonly write: (value: number) => string;
  readonly say: (sentence: string) => void;
};

/** Looks for a pattern in the whole log, or the filtered view of it, and goes to the line that holds it. */
export class LogFinder {
  readonly #parts: FinderParts;
  readonly #marks: MatchMarks;
  /** The line that was found, until its match is selected. */
  #found: number | undefined;
  #pattern = '';
  #asked = 0;

  constructor(parts: FinderParts) {
    this.#parts = parts;
    this.#marks = new MatchMarks({
      questions: parts.questions,
      onChanged: () => {
        parts.document.redraw();
        this.#selectMatch();
      },
      onRefused: parts.say,
    });
  }

  /** What is to be marked in a row. */
  findMatches(text: string): readonly LogMatch[] {
    return this.#marks.find(text) ?? [];
  }

  /** Somebody types: a plain text is marked at once; an expression only when the daemon has looked for it. */
  change(pattern: LogPattern): void {
    this.#asked += 1;
    this.#parts.say('');
    this.#marks.mark(pattern.text === '' || pattern.regex ? undefined : pattern);
  }

  /** Nothing is looked for any more. */
  clear(): void {
    this.#asked += 1;
    this.#marks.mark(undefined);
  }

  /** Looks for the next line with the pattern, round the end where it must. */
  async look(pattern: LogPattern, direction: Direction): Promise<void> {
    const { words, say, reader, write } = this.#parts;
    this.#asked += 1;
    const asked = this.#asked;
    const { filterId } = reader.reach;
    say(words.finding);
    try {
      const begin = this.#findBegin(pattern, direction);
      const near = await this.#ask(pattern, direction, begin);
      const place = near ?? (await this.#ask(pattern, direction, this.#findFar(direction)));
      if (asked !== this.#asked) {
        return;
      }
      if (reader.reach.filterId !== filterId) {
        // Its places are of another view by now.
        say('');
        return;
      }
      this.#pattern = JSON.stringify(pattern);
      this.#marks.mark(pattern);
      if (place === undefined) {
        say(words.noMatch);
        return;
      }
      reader.goTo(place, {
        at: 'center',
        onReached: () => {
          this.#found = place;
          this.#selectMatch();
        },
      });
      say(fillIn(near === undefined ? words.wrapped : words.matchAt, write(place + 1)));
    } catch (error) {
      if (asked === this.#asked) {
        say(error instanceof Refusal ? error.message : String(error));
      }
    }
  }

  /** From the line with the cursor, or from the edge of the screen where the cursor is elsewhere. */
  #findBegin(pattern: LogPattern, direction: Direction): number {
    const { document, reader } = this.#parts;
    const { top, bottom } = document.readScreen();
    const { heading } = reader;
    const cursor = heading ?? document.cursorPlace;
    const isSeen = heading !== undefined || (cursor >= top && cursor <= bottom);
    const isSame = JSON.stringify(pattern) === this.#pattern;
    if (direction === 'forward') {
      return isSeen ? cursor + (isSame ? 1 : 0) : top;
    }
    return isSeen ? cursor - (isSame ? 1 : 0) : bottom;
  }

  #findFar(direction: Direction): number {
    const { first, total } = this.#parts.reader.reach;
    return direction === 'forward' ? first : Math.max(first, total - 1);
  }

  async #ask(pattern: LogPattern, direction: Direction, from: number): Promise<number | undefined> {
    const { questions, reader } = this.#parts;
    const { filterId, first, total } = reader.reach;
    if (from < first || from >= total) {
      return undefined;
    }
    const filter = filterId === undefined ? {} : { filterId };
    return (await questions.ask({ type: 'find', pattern, direction, from, ...filter })).place;
  }

  /** Selects the match in the line that was found, as soon as it is known; not when the cursor is elsewhere by then. */
  #selectMatch(): void {
    const { document } = this.#parts;
    const place = this.#found;
    if (place === undefined || document.cursorPlace !== place) {
      this.#found = undefined;
      return;
    }
    const matches = this.#marks.find(document.readText(place));
    if (matches) {
      this.#found = undefined;
      const [match] = matches;
      if (match) {
        document.show(place, { at: 'center', match });
      }
    }
  }
}
