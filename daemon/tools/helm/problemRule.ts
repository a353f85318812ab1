import type { HelmProblem, ProblemWords } from './problemKind.ts';

/** How a kind of problem is told from helm's words. */
export type ProblemRule = Pick<HelmProblem, 'kind' | 'code'> & {
  readonly pattern: RegExp;
  describe(match: RegExpExecArray, error: string): ProblemWords;
};

/** The named parts of a match that are there, as details of a problem. */
export function pick(match: RegExpExecArray, ...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap(name => {
      const text = match.groups?.[name];
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/** The first line of a text, without a full stop. */
export function firstLine(text: string | undefined): string {
  return (text ?? '').trim().split('\n')[0]?.replace(/\.$/, '') ?? '';
}

/** A text in one line, without a full stop or a colon at its end. */
export function oneLine(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim().replace(/[.:]$/, '');
}
