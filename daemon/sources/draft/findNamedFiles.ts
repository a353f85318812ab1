import { posix } from 'node:path';

/** Finds the folders of Flyway migrations: those with `V1__name.sql`, the fullest first. */
export function findMigrations(files: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    if (/^[VUR][0-9._]*__.+\.sql$/.test(posix.basename(file))) {
      const folder = posix.dirname(file);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, left], [, right]) => right - left).map(([folder]) => folder);
}

/** Finds documents that look like a deployment procedure, the likeliest first. */
export function findDocuments(files: readonly string[]): readonly string[] {
  return files
    .filter(file => /\.(?:md|adoc|rst|txt)$/i.test(file))
    .map(file => ({ file, score: scoreDocument(file) }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score || left.file.length - right.file.length)
    .map(({ file }) => file);
}

function scoreDocument(file: string): number {
  const name = posix.basename(file).toLowerCase();
  if (
    /^(?:changelog|license|readme|releases?-notes?|news|notes)\b/.test(name) ||
    /(?:^|\/)templates\//.test(file)
  ) {
    return 0;
  }
  const subject = /deploy|promot|rollout|releas/.test(name) ? 2 : 0;
  const kind = /procedure|process|runbook|checklist|guide|playbook|howto|how-to|policy|steps/.test(name)
    ? 2
    : 0;
  const runbook = subject === 0 && /deploy|release/.test(file.toLowerCase()) ? 1 : 0;
  const score = subject > 0 ? subject + kind : kind > 0 ? runbook : 0;
  return score > 0 && /(?:^|\/)docs?\//.test(file) ? score + 1 : score;
}

/** Finds out which tags are releases: the form that most of the newest tags have. */
export function findTagGlob(tags: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const tag of tags.slice(0, 200)) {
    const prefix = /^(?<prefix>(?:[A-Za-z][A-Za-z0-9._-]*[/_-])?v?)\d/.exec(tag)?.groups?.['prefix'];
    if (prefix !== undefined) {
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
  }
  const [best] = [...counts].sort(([, left], [, right]) => right - left);
  const [prefix] = best ?? ['v'];
  return prefix === '' ? '[0-9]*' : `${prefix}*`;
}
