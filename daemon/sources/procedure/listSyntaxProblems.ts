import { type Document, isAlias, isScalar, visit, type YAMLError } from 'yaml';
import type { Diagnostic } from '../../protocol/procedure.ts';
import type { YamlPositions } from './yamlPositions.ts';

/** What is wrong with the YAML of a text, whatever it says, and whether the rest can be made sense of. */
export function listSyntaxProblems(
  text: string,
  document: Document,
  positions: YamlPositions,
): { readonly problems: readonly Diagnostic[]; readonly isReadable: boolean } {
  const build = (message: string, [from, to]: readonly [number, number, ...number[]]): Diagnostic => ({
    severity: 'error',
    message,
    path: '',
    ...positions.ofOffsets(from, to),
  });
  const problems = listFirstErrors(document).map(problem =>
    build(describeSyntax(text, problem), problem.pos),
  );
  // After a duplicate key the rest still makes sense; after any other error of syntax it may not.
  let isReadable = document.errors.every(isDuplicate);
  visit(document, {
    // zod leaves this key out of records without a word, and what is left out unsaid could be a gate.
    Pair: (_, pair) => {
      if (isScalar(pair.key) && pair.key.value === '__proto__' && pair.key.range) {
        problems.push(build('"__proto__" cannot be a name.', pair.key.range));
      }
    },
    // `tags: *-rc` is an alias for YAML, not a pattern.
    Alias: (_, alias) => {
      if (isReadable && isAlias(alias) && alias.resolve(document) === undefined && alias.range) {
        problems.push(build(`nothing above is called &${alias.source}: ${quoteStar}`, alias.range));
        isReadable = false;
      }
    },
  });
  return { problems, isReadable };
}

const quoteStar = 'put a text that begins with "*" in quotes.';

/** What is wrong up to the first error of syntax: what comes after it mostly follows from it, forty times over. */
function listFirstErrors(document: Document): readonly YAMLError[] {
  const problems: readonly YAMLError[] = [...document.errors, ...document.warnings].toSorted(
    (left, right) => left.pos[0] - right.pos[0],
  );
  const first = problems.findIndex(problem => problem.name === 'YAMLParseError' && !isDuplicate(problem));
  return first < 0 ? problems : problems.slice(0, first + 1);
}

function isDuplicate(problem: YAMLError): boolean {
  return problem.code === 'DUPLICATE_KEY';
}

function describeSyntax(text: string, problem: YAMLError): string {
  switch (problem.code) {
    case 'DUPLICATE_KEY':
      return 'this key stands twice.';
    case 'MULTIPLE_DOCS':
      return 'a second document begins here, and one is read: take the "---" and what follows it away.';
    case 'BAD_ALIAS':
      return `not YAML: ${quoteStar}`;
    default:
      if (/^<{7} /m.test(text)) {
        return 'not YAML: a merge was not finished. Choose between what stands after "<<<<<<<" and before ">>>>>>>".';
      }
      return `not YAML: ${needsQuotes(text, problem) ? 'put texts with {...} in quotes.' : problem.message}`;
  }
}

/** `{release: shop-{environment}}`: for YAML the inner brace begins keys with values, where none can begin. */
function needsQuotes(text: string, problem: YAMLError): boolean {
  const [before, after] = [text.slice(0, problem.pos[0]), text.slice(problem.pos[0])];
  return (
    (/[^\s,:[{]$/.test(before) && after.startsWith('{')) || (before.endsWith('}') && /^[^\s,\]}]/.test(after))
  );
}
