import { collectTexts } from '../../../packaging/collectTexts.ts';
import { readLiterals } from '../../../packaging/readLiterals.ts';

/** A text of a source that people may see and nobody can translate. */
export type Untranslated = { readonly line: number; readonly text: string };

/**
 * Finds literals that read like a sentence, or stand where the editor shows texts, and do not go through `t(...)`.
 * What goes to a log or into an error for developers is no such text.
 */
export function findUntranslatedTexts(source: string): readonly Untranslated[] {
  const translated = new Set(
    collectTexts(source).flatMap(({ literals }) => literals.map(({ start }) => start)),
  );
  const { literals, code } = readLiterals(source);
  return literals
    .filter(({ start }) => !translated.has(start))
    .filter(({ text, start }) => {
      const before = code.slice(Math.max(0, start - 200), start).trimEnd();
      return (
        !forDevelopers.test(before) && (isSentence.test(text) || (shown.test(before) && isWord.test(text)))
      );
    })
    .map(({ text, start }) => ({ line: source.slice(0, start).split('\n').length, text }));
}

/** Two words beside each other, or a word beside a value. */
const isSentence = /[A-Za-z]{2,}[,.:;]? (?:[A-Za-z]{2,}|\{\})/;
const isWord = /[A-Z][a-z]/;
const shown =
  /(?:\b(?:title|label|description|tooltip|detail|placeHolder|placeholder|prompt|message|text|name|accessibilityLabel)\s*[:=]|\bshow\w+Message\()$/;
const forDevelopers = /(?:new Error|\blog(?:\.\w+)?|console\.\w+|onProblem|onError|\bfrom)\s*\(?$|\bclass:$/;
