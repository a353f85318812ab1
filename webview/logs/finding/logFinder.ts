import type { LogMatch, LogPattern } from '../../../daemon/protocol/log.ts';
import type { KeptFind } from '../../protocol/logMessages.ts';
import type { LogWords } from '../../protocol/logWords.ts';
import { fillIn } from '../../shared/fillIn.ts';
import type { LogDocument } from '../document/logDocument.ts';
import { parseEntry } from '../document/parseEntry.ts';
import { buildWritten } from '../document/shownText.ts';
import type { Direction } from '../frame/buildFindBar.ts';
import type { LogReader } from '../reading/logReader.ts';
import { type Questions, Refusal } from '../reading/questions.ts';
import { findPlace } from './findPlace.ts';
import { MatchMarks } from './matchMarks.ts';

/** What a finder needs. */
export type FinderParts = {
  readonly document: LogDocument;
  readonly reader: LogReader;
  readonly questions: Questions;
  readonly words: LogWords;
  readonly write: (value: number) => string;
  readonly say: (sentence: string) => void;
  /** Lines of JSON are shown in their readable form. */
  readonly isReadable: () => boolean;
  /** The entry with this number was found. */
  readonly onFound: (sequence: number) => void;
};

/** Looks for a pattern in the whole log, or the filtered view of it, and goes to the line that holds it. */
export class LogFinder {
  readonly #parts: FinderParts;
  readonly #marks: MatchMarks;
  /** The line that was found, until its match is selected. */
  #found: { readonly place: number; readonly at: 'center' | 'stay' } | undefined;
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

  /** Something is marked in the rows on the screen, or may be as soon as the daemon has looked. */
  get isMarking(): boolean {
    return this.#marks.isMarking;
  }

  /** What is to be marked in the text that is shown of a row. */
  findMatches(row: string, text: string): readonly LogMatch[] {
    return this.#findInRow(row, text) ?? [];
  }

  /** Goes on with the search of an earlier page: what it marked is marked again. */
  goOn({ open, pattern, found }: KeptFind): void {
    if (open && pattern.text !== '' && (!pattern.regex || found !== undefined)) {
      this.#marks.mark(pattern);
    }
  }

  /** The screen is where it was before: so is the cursor, when it was at the line that was found. */
  async returnTo({ pattern, found }: KeptFind): Promise<void> {
    const { questions, reader, document } = this.#parts;
    if (found === undefined) {
      return;
    }
    const { moves, reach } = reader;
    const asked = this.#asked;
    const place =
      reach.filterId === undefined ? found : await findPlace(questions, reach, found).catch(() => -1);
    const row = document.readRow(place);
    const isLeft =
      reader.moves !== moves || reader.reach.filterId !== reach.filterId || asked !== this.#asked;
    if (!isLeft && row !== undefined && parseEntry(row).sequence === found) {
      this.#pattern = JSON.stringify(pattern);
      document.show(place, { at: 'stay' });
      this.#found = { place, at: 'stay' };
      this.#selectMatch();
    }
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
          this.#found = { place, at: 'center' };
          this.#selectMatch();
          const row = this.#parts.document.readRow(place);
          if (row !== undefined) {
            this.#parts.onFound(parseEntry(row).sequence);
          }
        },
      });
      say(fillIn(near === undefined ? words.wrapped : words.matchAt, write(place + 1)));
    } catch (error) {
      if (asked === this.#asked) {
        say(error instanceof Refusal ? error.message : String(error));
      }
    }
  }

  /** In what is shown; where it is only in what the container wrote, what stands for that. Undefined until it is known. */
  #findInRow(row: string, text: string): readonly LogMatch[] | undefined {
    const matches = this.#marks.find(text);
    if (!matches || matches.length > 0 || !this.#marks.isMarking) {
      return matches;
    }
    const written = buildWritten(row, { readable: this.#parts.isReadable() });
    if (!written) {
      return matches;
    }
    const shown = this.#marks.find(written.text)?.flatMap(written.toShown);
    // Two matches may be in one part.
    return shown && [...new Map(shown.map(match => [match.from, match])).values()];
  }

  /** From the line with the cursor, or from the edge of the screen where the cursor is elsewhere. */
  #findBegin(pattern: LogPattern, direction: Direction): number {
    const { document, reader } = this.#parts;
    const { top, bottom } = document.readScreen();
    const { heading } = reader;
    const cursor = heading ?? document.cursorPlace;
    const isSeen = heading !== undefined || (cursor >= top && cursor <= bottom);
    const isSame = JSON.stringify(pattern) === this.#pattern;
    // Who follows is at the last line, also while the screen has yet to go there after it became smaller.
    const last = reader.following ? reader.reach.total - 1 : bottom;
    if (direction === 'forward') {
      return isSeen ? cursor + (isSame ? 1 : 0) : top;
    }
    return isSeen ? cursor - (isSame ? 1 : 0) : last;
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
    const shown = { ...pattern, readable: this.#parts.isReadable() };
    return (await questions.ask({ type: 'find', pattern: shown, direction, from, ...filter })).place;
  }

  /** Selects the match in the line that was found, as soon as it is known; not when the cursor is elsewhere by then. */
  #selectMatch(): void {
    const { document } = this.#parts;
    const { place, at } = this.#found ?? {};
    if (place === undefined || at === undefined || document.cursorPlace !== place) {
      this.#found = undefined;
      return;
    }
    const row = document.readRow(place);
    const matches = row === undefined ? [] : this.#findInRow(row, document.readText(place));
    if (matches) {
      this.#found = undefined;
      const [match] = matches;
      if (match) {
        document.show(place, { at, match });
      }
    }
  }
}
