import type { Commit } from '../../model/plan.ts';
import { stripControlCharacters } from '../../protocol/redaction/controlCharacters.ts';
import type { ToolRun } from '../process/toolRun.ts';
import { buildBareRun } from './runGit.ts';

/** A tag as it stands in a repository. */
export type Tag = {
  readonly name: string;
  /** The commit it leads to; absent when it leads to something else. */
  readonly commit?: string;
  /** Who tagged it, or who wrote the commit when the tag is no more than a name. */
  readonly author: string;
  /** When it was tagged, or committed; ISO time in UTC. */
  readonly date: string;
  /** The commit's first line. */
  readonly subject: string;
};

const tagFields = [
  'refname',
  'objecttype',
  'objectname',
  '*objecttype',
  '*objectname',
  'taggername',
  'authorname',
  'creatordate:unix',
  'contents:subject',
  '*contents:subject',
];

/** Lists the tags below a prefix of refs whose name fits a glob. */
export function buildListTagsRun(prefix: string, glob: string): ToolRun<readonly Tag[]> {
  const format = `--format=${tagFields.map(field => `%(${field})`).join('%00')}%00`;
  return buildBareRun(['for-each-ref', format, `${prefix}${glob}`], ({ stdout }) =>
    readRecords(stdout, tagFields.length).map(fields => parseTag(fields, prefix)),
  );
}

function parseTag(fields: readonly string[], prefix: string): Tag {
  const [name = '', type, id, peeledType, peeledId, tagger, author, date, subject, peeledSubject] = fields;
  const annotated = type === 'tag';
  const commit = annotated
    ? peeledType === 'commit'
      ? peeledId
      : undefined
    : type === 'commit'
      ? id
      : undefined;
  return {
    name: name.replace(/^\n/, '').slice(prefix.length),
    ...(commit ? { commit } : {}),
    author: clean((annotated ? tagger : author) ?? ''),
    date: parseTime(date),
    subject: clean((annotated ? peeledSubject : subject) ?? ''),
  };
}

/** Lists commits reachable from `to` and not from `from`, newest first, at most `limit`. */
export function buildLogRun(range: CommitSpan, limit: number): ToolRun<readonly Commit[]> {
  const args = ['log', '-z', `--max-count=${limit}`, '--format=%H%x00%an%x00%ct%x00%s'];
  return buildBareRun([...args, '--end-of-options', ...buildSpan(range), '--'], ({ stdout }) =>
    readRecords(stdout, 4).map(([id = '', author = '', time, subject = '']) => ({
      id,
      author: clean(author),
      date: parseTime(time),
      subject: clean(subject),
    })),
  );
}

/** Commits reachable from `to` and not from `from`. */
export type CommitSpan = { readonly from?: string; readonly to: string };

/** Counts the commits reachable from `to` and not from `from`. */
export function buildCountRun(range: CommitSpan): ToolRun<number> {
  const args = ['rev-list', '--count', '--end-of-options', ...buildSpan(range), '--'];
  return buildBareRun(args, ({ stdout }) => {
    const count = Number(stdout.trim());
    if (stdout.trim() === '' || !Number.isInteger(count)) {
      throw new Error(`git rev-list printed ${JSON.stringify(stdout)}`);
    }
    return count;
  });
}

function buildSpan({ from, to }: CommitSpan): readonly string[] {
  return from === undefined ? [to] : [to, `^${from}`];
}

/** Says whether one commit is an ancestor of another (or the same). */
export function buildIsAncestorRun(ancestor: string, commit: string): ToolRun<boolean> {
  return buildBareRun(['merge-base', '--is-ancestor', ancestor, commit], ({ exitCode }) => exitCode === 0, {
    answers: [0, 1],
  });
}

/** Lists the names of the refs below a prefix. */
export function buildListRefsRun(prefix: string): ToolRun<readonly string[]> {
  return buildBareRun(['for-each-ref', '--format=%(refname)', prefix], ({ stdout }) =>
    stdout.split('\n').filter(line => line !== ''),
  );
}

function readRecords(text: string, width: number): readonly (readonly string[])[] {
  const fields = text.split('\0');
  const records: string[][] = [];
  for (let index = 0; index + width <= fields.length; index += width) {
    records.push(fields.slice(index, index + width));
  }
  return records;
}

// Names and subjects are anybody's text: escape codes and line ends stay out of trees and terminals.
function clean(text: string): string {
  return stripControlCharacters(text).replace(/\s+/g, ' ').trim();
}

function parseTime(seconds: string | undefined): string {
  const date = new Date(Number(seconds ?? Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}
