import * as z from 'zod';
import { SlipwayError } from '../../protocol/errors.ts';

/**
 * What a failure of the disk, of a file's rights or of another process's lock means to people:
 * SlipwayError `storeFailed` with the path. Everything else is a defect and comes back as it is.
 */
export function buildStoreError(error: unknown, path: string): unknown {
  const cause = findCause(error);
  return cause === undefined
    ? error
    : new SlipwayError('storeFailed', `${path} cannot be used: ${cause.why}.`, {
        ...(cause.next === undefined ? {} : { next: cause.next }),
        details: { path },
        cause: error,
      });
}

/** Does something with a file of the store and turns its failures into errors for people. */
export function withStoreErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw buildStoreError(error, path);
  }
}

type Cause = { readonly why: string; readonly next?: string };

const damaged =
  'Move store.db* and anchors.jsonl out of the state folder and keep them; the next start begins a new store.';

/** SQLite's primary result codes that come from the world, not from our SQL (sqlite.org/rescode.html). */
const sqliteCauses: Readonly<Record<number, Cause>> = {
  3: { why: 'its rights do not allow it', next: 'Give yourself the right to read and write it.' },
  5: {
    why: 'another process has held it for more than 5 s',
    next: 'End the other program that has the file open, then try again.',
  },
  7: { why: 'there is not enough memory', next: 'Close other programs, then try again.' },
  8: { why: 'it is read-only', next: 'Give yourself the right to write it, or mount its disk writable.' },
  10: { why: 'the disk failed to read or write' },
  11: { why: 'it is damaged', next: damaged },
  13: { why: 'the disk is full' },
  14: { why: 'it cannot be opened', next: 'Check that its folder exists and that you may write there.' },
  26: { why: 'it is no store', next: damaged },
};

/** Errors of files that come from the world. */
const fileCauses: Readonly<Record<string, Cause>> = {
  EACCES: { why: 'its rights do not allow it', next: 'Give yourself the right to read and write it.' },
  EPERM: { why: 'its rights do not allow it', next: 'Give yourself the right to read and write it.' },
  EROFS: { why: 'its disk is read-only', next: 'Mount the disk writable, or choose another state folder.' },
  ENOTDIR: { why: 'a part of its path is no folder', next: 'Choose another state folder.' },
  EEXIST: { why: 'a file is where its folder should be', next: 'Choose another state folder.' },
  ENOSPC: { why: 'the disk is full' },
  EDQUOT: { why: 'your quota on the disk is used up' },
  EFBIG: { why: 'it may not grow any more (limit of file sizes)' },
  EIO: { why: 'the disk failed to read or write' },
};

function findCause(error: unknown): Cause | undefined {
  if (error instanceof z.ZodError) {
    return { why: `a row cannot be read: ${z.prettifyError(error)}`, next: damaged };
  }
  if (!(error instanceof Error)) {
    return undefined;
  }
  if ('errcode' in error && typeof error.errcode === 'number') {
    // The low byte is the primary code; the rest says more, such as SQLITE_IOERR_WRITE.
    const cause = sqliteCauses[error.errcode & 0xff];
    return cause && { ...cause, why: `${cause.why} (SQLite: ${error.message})` };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return fileCauses[code];
}
