/** A string literal of a TypeScript source. */
export type Literal = {
  /** What it means; `{}` stands for each value that a template puts in. */
  readonly text: string;
  /** True for a template with values in it. */
  readonly hasValues: boolean;
  /** Where it begins and ends in the source, with its quotes. */
  readonly start: number;
  readonly end: number;
};

/** What a source says, for scans that need no syntax tree. */
export type ReadSource = {
  readonly literals: readonly Literal[];
  /** The source with every comment and what is between the quotes blanked; places and lines are the same. */
  readonly code: string;
};

/** Reads every string literal of a TypeScript source; comments and regular expressions are none. */
export function readLiterals(source: string): ReadSource {
  const reader = new Reader(source);
  reader.read();
  return { literals: reader.literals.sort((left, right) => left.start - right.start), code: reader.code };
}

class Reader {
  readonly #source: string;
  readonly #code: string[];
  readonly literals: Literal[] = [];
  #at = 0;

  constructor(source: string) {
    this.#source = source;
    this.#code = [...source.split('')];
  }

  get code(): string {
    return this.#code.join('');
  }

  /** Reads to the end, or inside a template to the `}` that closes a value. */
  read(inTemplate = false): void {
    let depth = 0;
    while (this.#at < this.#source.length) {
      const character = this.#source[this.#at] ?? '';
      if (inTemplate && character === '}' && depth === 0) {
        return;
      }
      depth += character === '{' ? 1 : character === '}' ? -1 : 0;
      this.#step(character);
    }
  }

  #step(character: string): void {
    const next = this.#source[this.#at + 1];
    if (character === '/' && next === '/') {
      this.#skip(findEnd(this.#source, '\n', this.#at));
    } else if (character === '/' && next === '*') {
      this.#skip(findEnd(this.#source, '*/', this.#at) + 2);
    } else if (character === '/' && this.#beginsExpression()) {
      this.#skip(this.#findRegExpEnd());
    } else if (character === "'" || character === '"') {
      this.#readString(character);
    } else if (character === '`') {
      this.#readTemplate();
    } else {
      this.#at++;
    }
  }

  #readString(quote: string): void {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#source.length && this.#source[end] !== quote) {
      end += this.#source[end] === '\\' ? 2 : 1;
    }
    this.#blank(start + 1, end);
    this.#at = end + 1;
    this.literals.push({
      text: readEscapes(this.#source.slice(start + 1, end)),
      hasValues: false,
      start,
      end: end + 1,
    });
  }

  #readTemplate(): void {
    const start = this.#at;
    let text = '';
    let from = start + 1;
    this.#at = from;
    let hasValues = false;
    while (this.#at < this.#source.length && this.#source[this.#at] !== '`') {
      if (this.#source.startsWith('${', this.#at)) {
        text += `${this.#source.slice(from, this.#at)}{}`;
        hasValues = true;
        this.#blank(from, this.#at);
        this.#at += 2;
        this.read(true);
        from = this.#at + 1;
      }
      this.#at += this.#source[this.#at] === '\\' ? 2 : 1;
    }
    text += this.#source.slice(from, this.#at);
    this.#blank(from, this.#at);
    this.#at++;
    this.literals.push({ text: readEscapes(text), hasValues, start, end: this.#at });
  }

  /** A slash begins a regular expression where no value stands before it. */
  #beginsExpression(): boolean {
    const before = this.#source.slice(Math.max(0, this.#at - 40), this.#at).trimEnd();
    return before === '' || /(?:[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of))$/.test(before);
  }

  #findRegExpEnd(): number {
    let inClass = false;
    for (let at = this.#at + 1; at < this.#source.length; at++) {
      const character = this.#source[at];
      if (character === '\\') {
        at++;
      } else if (character === '\n') {
        return this.#at + 1;
      } else if (character === '[' || character === ']') {
        inClass = character === '[';
      } else if (character === '/' && !inClass) {
        return at + 1;
      }
    }
    return this.#at + 1;
  }

  #skip(end: number): void {
    this.#blank(this.#at, end);
    this.#at = end;
  }

  #blank(from: number, end: number): void {
    for (let at = from; at < Math.min(end, this.#code.length); at++) {
      if (this.#code[at] !== '\n') {
        this.#code[at] = ' ';
      }
    }
  }
}

function findEnd(source: string, mark: string, from: number): number {
  const end = source.indexOf(mark, from);
  return end < 0 ? source.length : end;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\n': '' };

function readEscapes(text: string): string {
  return text.replace(
    /\\(?:u\{(?<long>[0-9a-f]+)\}|u(?<short>[0-9a-f]{4})|x(?<byte>[0-9a-f]{2})|(?<other>[\s\S]))/gi,
    (_all, ...groups) => {
      const { long, short, byte, other = '' } = groups.at(-1) as Readonly<Record<string, string | undefined>>;
      const code = long ?? short ?? byte;
      return code === undefined ? (escapes[other] ?? other) : String.fromCodePoint(Number.parseInt(code, 16));
    },
  );
}
