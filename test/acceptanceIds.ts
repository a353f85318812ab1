/** What a test run recorded: one line per test. */
import type { TestRecord } from './testRecord.ts';

const clausePattern = /\b[A-Z]-\d{2}[a-z]\b/g;

/** Reads the clauses out of test/acceptance.md: id to promise, in the file's order. */
export function parseClauses(markdown: string): ReadonlyMap<string, string> {
  const clauses = new Map<string, string>();
  for (const line of markdown.split('\n')) {
    const match = /^- ([A-Z]-\d{2}[a-z]) (.+)$/.exec(line);
    if (match?.[1] && match[2]) {
      if (clauses.has(match[1])) {
        throw new Error(`test/acceptance.md names ${match[1]} twice`);
      }
      clauses.set(match[1], match[2]);
    }
  }
  return clauses;
}

/** The clauses that no test proves: none passed with the id in its title, or one with the id failed. */
export function buildUnproven(
  clauses: ReadonlyMap<string, string>,
  records: readonly TestRecord[],
): readonly string[] {
  const passed = new Set<string>();
  const failed = new Set<string>();
  for (const record of records) {
    for (const id of record.title.match(clausePattern) ?? []) {
      (record.state === 'passed' ? passed : failed).add(id);
    }
  }
  return [...clauses.keys()].filter(id => !passed.has(id) || failed.has(id));
}

/** A title without the ids in it. */
export function withoutClauses(title: string): string {
  return title.replace(clausePattern, '').replace(/ {2,}/g, ' ').trim();
}

/** The ids in test titles that test/acceptance.md does not know. */
export function buildUnknown(
  clauses: ReadonlyMap<string, string>,
  records: readonly TestRecord[],
): readonly string[] {
  const ids = new Set(records.flatMap(record => record.title.match(clausePattern) ?? []));
  return [...ids].filter(id => !clauses.has(id)).sort();
}
