import { type Literal, type ReadSource, readLiterals } from './readLiterals.ts';

/** A text that is handed to `vscode.l10n`, or why it cannot be found by its words. */
export type CollectedText = {
  readonly line: number;
  readonly text?: string;
  readonly problem?: string;
  /** The literals that it was put together from. */
  readonly literals: readonly Literal[];
};

/** Finds every call `t(...)` of a source and the English in it, also when that is put together with `+`. */
export function collectTexts(source: string): readonly CollectedText[] {
  const read = readLiterals(source);
  return [...read.code.matchAll(/(?<![\w$])t\s*\(/g)].flatMap(({ index, 0: call }) => {
    const line = source.slice(0, index).split('\n').length;
    const argument = readArgument(read, index + call.length);
    return argument === undefined ? [] : [{ line, ...argument }];
  });
}

/** Reads the first argument that begins at a place; `undefined` where it is none: a declaration. */
function readArgument({ code, literals }: ReadSource, from: number): Omit<CollectedText, 'line'> | undefined {
  const parts: Literal[] = [];
  let at = from;
  for (;;) {
    at += /^\s*/.exec(code.slice(at))?.[0].length ?? 0;
    const literal = literals.find(({ start }) => start === at);
    if (!literal) {
      break;
    }
    parts.push(literal);
    at = literal.end;
    const joint = /^\s*\+/.exec(code.slice(at));
    if (!joint) {
      const after = /^\s*(.)/s.exec(code.slice(at))?.[1] ?? '';
      const whole = (after === ',' || after === ')') && parts.every(({ hasValues }) => !hasValues);
      return whole
        ? { text: parts.map(({ text }) => text).join(''), literals: parts }
        : { problem: 'its text has values in it: write {0} and hand them over', literals: parts };
    }
    at += joint[0].length;
  }
  if (/^\s*\w+\s*[:?]/.test(code.slice(from)) && parts.length === 0) {
    return undefined;
  }
  return { problem: 'its text is no literal', literals: parts };
}
