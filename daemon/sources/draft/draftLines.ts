import type * as z from 'zod';
import { stripControlCharacters } from '../../protocol/redaction/controlCharacters.ts';

/** A line of a draft: YAML, why it says so, or both. */
export type DraftLine = {
  /** Levels of two spaces. */
  readonly indent: number;
  /** `name: kosmos`; absent for a line that is a comment alone. */
  readonly code?: string;
  /** What the line means or where it comes from; without a line break. */
  readonly comment?: string;
  /** True for a guess that a person has to look at. */
  readonly decide?: true;
};

/** A draft's text, and where its first decision is; lines and columns start at 0. */
export type DraftText = {
  readonly text: string;
  readonly cursor: { readonly line: number; readonly column: number };
  /** How many lines are guesses. */
  readonly decisions: number;
};

/** An empty line. */
export const blankLine: DraftLine = { indent: 0 };

/** Writes lines as a file: comments beside short lines, above long ones. */
export function writeDraftLines(lines: readonly DraftLine[]): DraftText {
  const texts: string[] = [];
  let cursor: DraftText['cursor'] | undefined;
  for (const line of lines) {
    const code = line.code === undefined ? '' : `${'  '.repeat(line.indent)}${line.code}`;
    const comment = buildComment(line);
    const beside = `${code.padEnd(commentColumn)} # ${comment}`;
    if (comment === '') {
      texts.push(code);
    } else if (code !== '' && beside.length <= longestLine) {
      texts.push(beside);
    } else {
      const prefix = `${'  '.repeat(line.indent)}# `;
      texts.push(...wrap(comment, longestLine - prefix.length).map(part => `${prefix}${part}`));
      texts.push(...(code === '' ? [] : [code]));
    }
    if (line.decide) {
      cursor ??= { line: texts.length - 1, column: findColumn(texts.at(-1) ?? '') };
    }
  }
  return {
    text: `${texts.join('\n')}\n`,
    cursor: cursor ?? { line: 0, column: 0 },
    decisions: lines.filter(line => line.decide).length,
  };
}

/**
 * A scalar as YAML: as it is where it can be nothing but that text, else in quotes. Only for texts of one line, as the
 * schema has them.
 */
export function writeScalar(text: string): string {
  // A dot alone may begin a number (`.0`, `.inf`): only the paths `./` and `../` begin with one.
  const plain = /^(?:[A-Za-z_/]|\.{1,2}\/)[A-Za-z0-9_./-]*$/.test(text) && !reserved.test(text);
  return plain ? text : `'${text.replaceAll("'", "''")}'`;
}

/**
 * True for a found text that may stand in the file as a value: the schema takes it, all of it can be seen, and nothing in
 * it would be read as a placeholder.
 */
export function fits(schema: z.ZodType, text: string): boolean {
  return text.length <= 200 && !unfit.test(text) && schema.safeParse(text).success;
}

/** A text that was found, for a comment: one line, of bounded length, without anything invisible. */
export function quoteFound(text: string): string {
  const line = stripControlCharacters(text).replaceAll(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}

const unfit = /[{}\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

// What an editor beside a side bar shows.
const longestLine = 100;
const commentColumn = 42;

// What a YAML 1.1 reader would take for something else than text.
const reserved = /^(?:true|false|yes|no|on|off|y|n|null|nan|~|\.(?:nan|inf))$/i;

function buildComment({ comment = '', decide }: DraftLine): string {
  const text = stripControlCharacters(comment)
    .replaceAll(/[\s\u2028\u2029\u0085]+/g, ' ')
    .trim();
  return decide ? `Decide: ${text}` : text;
}

/** The column of a value: behind `key: `, or behind `# ` in a comment. */
function findColumn(line: string): number {
  const [start = ''] = /^\s*(?:# )?(?:[^\s:]+: )?/.exec(line) ?? [];
  return start.length;
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
