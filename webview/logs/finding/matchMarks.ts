import type { LogMatch, LogPattern } from '../../../daemon/protocol/log.ts';
import { type Questions, Refusal } from '../reading/questions.ts';
import { buildExpression } from '../typedPattern.ts';

/** What marks need of the page. */
export type MatchMarksParts = {
  readonly questions: Questions;
  /** There is more to be marked, or less. */
  readonly onChanged: () => void;
  /** The daemon does not mark the regular expression: nothing is marked. */
  readonly onRefused: (reason: string) => void;
};

/** Longer rows are marked by what they say only, not by matches: there may be thousands of those. */
const longestText = 8_192;

/** What the daemon is asked about at a time: a character has six bytes at worst, and a request one megabyte. */
const most = { texts: 1_000, characters: 100_000 };

/** Texts whose matches are kept: more than any screen has rows. */
const mostKnown = 2_000;

/**
 * Knows where a pattern is in the rows on the screen. A plain text is looked for here, a regular expression by the
 * daemon: in a page nothing can stop one that needs too long.
 */
export class MatchMarks {
  readonly #parts: MatchMarksParts;
  #pattern: LogPattern | undefined;
  /** Finds a pattern that is no regular expression. */
  #plain: RegExp | undefined;
  readonly #known = new Map<string, readonly LogMatch[]>();
  /** Texts of which nothing is known yet. */
  readonly #wanted = new Set<string>();
  #isAsking = false;

  constructor(parts: MatchMarksParts) {
    this.#parts = parts;
  }

  /** Marks this pattern from now on, or nothing. */
  mark(pattern: LogPattern | undefined): void {
    if (JSON.stringify(pattern) !== JSON.stringify(this.#pattern)) {
      this.#pattern = pattern;
      this.#plain = pattern && !pattern.regex ? buildExpression(pattern) : undefined;
      this.#known.clear();
      this.#wanted.clear();
      this.#parts.onChanged();
    }
  }

  /** Something is looked for. */
  get isMarking(): boolean {
    return this.#pattern !== undefined;
  }

  /** Where the pattern is in a text; undefined until the daemon has said so. */
  find(text: string): readonly LogMatch[] | undefined {
    const pattern = this.#pattern;
    if (!pattern || text.length > longestText) {
      return [];
    }
    if (this.#plain) {
      const matches = [...text.matchAll(this.#plain)];
      return matches.map(({ index, 0: match }) => ({ from: index, to: index + match.length }));
    }
    const known = this.#known.get(text);
    if (!known) {
      this.#wanted.add(text);
      this.#askSoon(pattern);
    }
    return known;
  }

  /** The rows of a screen are drawn in one go, and asked about in one. */
  #askSoon(pattern: LogPattern): void {
    if (!this.#isAsking) {
      this.#isAsking = true;
      queueMicrotask(() => void this.#ask(pattern));
    }
  }

  async #ask(pattern: LogPattern): Promise<void> {
    const texts = takeSome(this.#wanted);
    // What is still on the screen after the answer is wanted again.
    this.#wanted.clear();
    let isAnswered = false;
    try {
      const { matches } = await this.#parts.questions.ask({ type: 'match', pattern, texts });
      isAnswered = true;
      if (pattern === this.#pattern) {
        this.#keep(texts, matches);
      }
    } catch (error) {
      if (pattern === this.#pattern && error instanceof Refusal && isForGood(error)) {
        this.#pattern = undefined;
        this.#parts.onRefused(error.message);
      }
    }
    this.#isAsking = false;
    // What failed for another reason is asked again when rows are drawn the next time: at once, it would fail again.
    if (isAnswered || pattern !== this.#pattern) {
      this.#parts.onChanged();
    }
  }

  #keep(texts: readonly string[], matches: readonly (readonly LogMatch[])[]): void {
    if (this.#known.size + texts.length > mostKnown) {
      this.#known.clear();
    }
    for (const [index, text] of texts.entries()) {
      this.#known.set(text, matches[index] ?? []);
    }
  }
}

/** It needs too long, or the daemon is an older one that marks nothing: to ask again would change nothing. */
function isForGood({ code }: Refusal): boolean {
  return code === 'invalidPattern' || code === 'badRequest';
}

function takeSome(texts: Iterable<string>): string[] {
  const taken: string[] = [];
  let characters = 0;
  for (const text of texts) {
    characters += text.length;
    if (taken.length === most.texts || characters > most.characters) {
      break;
    }
    taken.push(text);
  }
  return taken;
}
