import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Store } from '../store.ts';
import { AnchorFile } from './anchorFile.ts';
import { createPrivateFile, makePrivate } from './createPrivateFile.ts';
import { Database } from './database.ts';
import { EmbeddedStore } from './embeddedStore.ts';
import { migrateStore } from './migrateStore.ts';
import { migrations } from './migrations.ts';
import { readNetworkHome } from './networkHome.ts';
import { withStoreErrors } from './storeError.ts';

/** Where the embedded store is and what time it is there. */
export type EmbeddedStoreOptions = {
  /** The state folder; made with mode 0700 when it does not exist. */
  readonly folder: string;
  readonly clock: () => Date;
  /** How stores become newer ones; for tests of older and newer programs. */
  readonly migrations?: readonly string[];
  /** Tells the kind of network file system that holds a folder; for tests without such a disk. */
  readonly readNetworkHome?: (folder: string) => string | undefined;
};

/**
 * Opens the store in a folder, and makes or migrates it first.
 * Throws SlipwayError `storeTooNew` when a newer program wrote it, `storeFailed` when it cannot be used.
 */
export function openEmbeddedStore(options: EmbeddedStoreOptions): Store {
  const { folder, clock } = options;
  const path = join(folder, 'store.db');
  prepareFiles(folder, path);
  const networkHome = (options.readNetworkHome ?? readNetworkHome)(folder);
  const notices = networkHome === undefined ? [] : [buildNetworkNotice(folder, networkHome)];
  const database = new Database(path);
  try {
    migrateStore(database, { folder, migrations: options.migrations ?? migrations, now: clock() });
    // On a network's disk WAL would corrupt the store: its index is memory that two machines do not share.
    setJournalMode(database, networkHome === undefined ? 'wal' : 'truncate');
    const anchors = new AnchorFile(folder);
    return new EmbeddedStore({ database, anchors, clock, notices });
  } catch (error) {
    database.dispose();
    throw error;
  }
}

/** Private before the first byte is in them; SQLite gives its companions the same mode. */
function prepareFiles(folder: string, path: string): void {
  withStoreErrors(path, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    makePrivate(folder, 0o700);
    createPrivateFile(path);
  });
}

function setJournalMode(database: Database, wanted: 'wal' | 'truncate'): void {
  const schema = z.object({ journal_mode: z.literal(wanted) });
  database.get(schema, `PRAGMA journal_mode = ${wanted}`);
  // Set although it is the default: other builds of SQLite have other defaults. fullfsync is macOS's real one.
  database.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;');
}

function buildNetworkNotice(folder: string, kind: string): string {
  return `${folder} is on a network file system (${kind}): Slipway is slower there, and only one machine may use it. Set SLIPWAY_HOME to a local folder.`;
}
