import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { buildDigest, type Digest } from '../../model/digest.ts';
import type { Blobs } from '../store.ts';
import type { Database } from './database.ts';

/** The longest text that is kept whole, in characters. */
export const blobLimit = 4 * 1024 * 1024;

/** Texts by their digest in the embedded store. */
export class EmbeddedBlobs implements Blobs {
  readonly #database: Database;
  readonly #clock: () => Date;

  constructor(database: Database, clock: () => Date) {
    this.#database = database;
    this.#clock = clock;
  }

  put(text: string): Digest {
    // Half of a surrogate pair would come back as another character, under a digest that no longer fits.
    const kept = cutMiddle(text).toWellFormed();
    const digest = buildDigest(kept);
    const sql = 'INSERT INTO blobs VALUES (?, ?, ?) ON CONFLICT (digest) DO UPDATE SET at = excluded.at';
    this.#database.run(sql, digest, Buffer.from(kept, 'utf8'), this.#clock().toISOString());
    return digest;
  }

  get(digest: Digest): string | undefined {
    const row = this.#database.get(blobSchema, 'SELECT content FROM blobs WHERE digest = ?', digest);
    return row && Buffer.from(row.content).toString('utf8');
  }

  /** Deletes what was put before a time; answers how many. */
  deleteBefore(time: string): number {
    return this.#database.run('DELETE FROM blobs WHERE at < ?', time);
  }
}

const blobSchema = z.object({ content: z.instanceof(Uint8Array) });

/** The beginning says what was done, the end how it went. */
function cutMiddle(text: string): string {
  if (text.length <= blobLimit) {
    return text;
  }
  const half = blobLimit / 2;
  const left = text.length - blobLimit;
  return `${text.slice(0, half)}\n[${left} characters were left out here]\n${text.slice(-half)}`;
}
