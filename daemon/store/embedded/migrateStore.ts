import { chmodSync, closeSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { SlipwayError } from '../../protocol/errors.ts';
import type { Database } from './database.ts';
import { withStoreErrors } from './storeError.ts';

/**
 * Brings a store to the last migration's version after a copy of it, and answers the copy's path when one was made.
 * Throws SlipwayError `storeTooNew` for a store that a newer program wrote; it is left untouched.
 */
export function migrateStore(
  database: Database,
  options: { readonly folder: string; readonly migrations: readonly string[]; readonly now: Date },
): string | undefined {
  const { folder, migrations, now } = options;
  const found = readVersion(database);
  if (found > migrations.length) {
    throw new SlipwayError(
      'storeTooNew',
      `${database.path} has version ${found}; this program knows versions up to ${migrations.length}.`,
      { details: { path: database.path, found: String(found), known: String(migrations.length) } },
    );
  }
  if (found === migrations.length) {
    return undefined;
  }
  const stamp = now.toISOString().replaceAll(/[:.]/g, '-');
  const copy = found === 0 ? undefined : join(folder, `store-version-${found}-${stamp}.db`);
  if (copy !== undefined) {
    writeCopy(database, copy);
  }
  database.transaction(() => {
    // Read again: another process may have been here first.
    const version = readVersion(database);
    if (version >= migrations.length) {
      return;
    }
    for (const migration of migrations.slice(version)) {
      database.exec(migration);
    }
    database.exec('CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT');
    database.run(
      `INSERT INTO meta VALUES ('schemaVersion', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      String(migrations.length),
    );
  });
  return copy;
}

/** The version of a store's schema; 0 for a file without a store. */
export function readVersion(database: Database): number {
  const tables = z.object({ count: z.number() });
  const meta = database.get(tables, `SELECT count(*) AS count FROM sqlite_schema WHERE name = 'meta'`);
  if (meta?.count === 0) {
    return 0;
  }
  const version = z.object({ value: z.coerce.number().int().min(1) });
  return database.get(version, `SELECT value FROM meta WHERE key = 'schemaVersion'`)?.value ?? 0;
}

function writeCopy(database: Database, path: string): void {
  withStoreErrors(path, () => {
    closeSync(openSync(path, 'wx', 0o600));
    database.run('VACUUM INTO ?', path);
    chmodSync(path, 0o600);
    const file = openSync(path, 'r');
    fsyncSync(file);
    closeSync(file);
  });
}
