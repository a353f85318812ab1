import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import { Database } from '../../../daemon/store/embedded/database.ts';
import { migrations } from '../../../daemon/store/embedded/migrations.ts';
import { openEmbeddedStore } from '../../../daemon/store/embedded/openEmbeddedStore.ts';
import { anEvent, TemporaryStore } from './temporaryStore.ts';

const isStoreError = (code: string, path: string) => (error: unknown) => {
  assert.ok(error instanceof SlipwayError, String(error));
  assert.equal(error.code, code);
  assert.equal(error.details['path'], path);
  assert.ok(error.next.length > 0);
  return true;
};

describe('the embedded store', () => {
  let home: TemporaryStore;
  beforeEach(() => {
    home = new TemporaryStore();
  });
  afterEach(() => home.dispose());

  it('is for its user alone: files 0600 in a folder 0700', () => {
    const folder = join(home.folder, 'state');
    mkdirSync(folder, { mode: 0o755 });
    const store = home.open({ folder });
    store.journal.append(anEvent());
    const modes = readdirSync(folder).map(name => [name, statSync(join(folder, name)).mode & 0o777]);
    assert.ok(modes.some(([name]) => name === 'store.db-wal'));
    assert.deepEqual(
      modes.filter(([, mode]) => mode !== 0o600),
      [],
    );
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    store.dispose();
    assert.equal(statSync(join(folder, 'anchors.jsonl')).mode & 0o777, 0o600);
  });

  it('keeps what was appended when it is opened again', () => {
    const first = home.open();
    const entry = first.journal.append(anEvent());
    first.dispose();
    assert.deepEqual(home.open().journal.read({ since: 0, limit: 10 }).events, [entry]);
  });

  it('writes ahead of its file, so that readers and the writer do not wait for each other', () => {
    home.open();
    const database = new DatabaseSync(home.path);
    assert.equal(database.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'wal');
    database.close();
  });

  it('refuses a store that a newer program wrote, and leaves it untouched', () => {
    const newer = [...migrations, 'CREATE TABLE notes (note TEXT) STRICT'];
    const store = home.open({ migrations: newer });
    const { sequence } = store.journal.append(anEvent());
    store.dispose();
    assert.throws(() => home.open(), isStoreError('storeTooNew', home.path));
    assert.equal(home.open({ migrations: newer }).journal.head().sequence, sequence);
  });

  it('copies the store before it migrates it', () => {
    const old = home.open();
    const entry = old.journal.append(anEvent());
    old.dispose();
    const store = home.open({ migrations: [...migrations, 'CREATE TABLE notes (note TEXT) STRICT'] });
    assert.equal(store.journal.head().hash, entry.hash);
    const copies = readdirSync(home.folder).filter(name =>
      name.startsWith(`store-version-${migrations.length}-`),
    );
    assert.equal(copies.length, 1);
    const path = join(home.folder, copies[0] ?? '');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const copy = new DatabaseSync(path, { readOnly: true });
    assert.equal(copy.prepare('SELECT value FROM meta').get()?.['value'], String(migrations.length));
    assert.equal(copy.prepare('SELECT hash FROM events').get()?.['hash'], entry.hash);
    assert.throws(() => copy.prepare('SELECT * FROM notes'), /no such table/);
    copy.close();
  });

  it('makes no copy when there is nothing to migrate', () => {
    home.open().dispose();
    home.open().dispose();
    assert.deepEqual(
      readdirSync(home.folder).filter(name => name.startsWith('store-version-')),
      [],
    );
  });

  it('is as it was when a migration fails', () => {
    home.open().dispose();
    const broken = [...migrations, 'CREATE TABLE notes (note TEXT) STRICT; CREATE nonsense'];
    assert.throws(() => home.open({ migrations: broken }), /syntax error/);
    home.open().journal.append(anEvent());
    assert.throws(() => home.tamper('SELECT * FROM notes'), /no such table/);
  });

  it('says which file cannot be used when it is no store', () => {
    writeFileSync(home.path, 'no store'.repeat(1000));
    assert.throws(() => home.open(), isStoreError('storeFailed', home.path));
  });

  it('says which file cannot be used when its folder is a file', () => {
    const folder = join(home.folder, 'state');
    writeFileSync(folder, '');
    const open = () => openEmbeddedStore({ folder, clock: () => home.now });
    assert.throws(open, isStoreError('storeFailed', join(folder, 'store.db')));
  });

  it('says which file cannot be written when it is read-only', () => {
    home.open();
    const database = new Database(home.path);
    database.exec('PRAGMA query_only = ON');
    const write = () => database.run('DELETE FROM blobs');
    assert.throws(write, isStoreError('storeFailed', home.path));
    assert.throws(write, /read-only/);
    database.dispose();
  });

  it('undoes a transaction whose work throws', () => {
    home.open();
    const database = new Database(home.path);
    const work = () =>
      database.transaction(() => {
        database.run(`INSERT INTO tags VALUES ('r', 'v1', 'c', 't')`);
        throw new Error('on purpose');
      });
    assert.throws(work, /on purpose/);
    assert.equal(database.run('DELETE FROM tags'), 0);
    database.dispose();
  });

  it('tells a network home and works there without WAL', async () => {
    const store = home.open({ readNetworkHome: () => 'nfs4' });
    assert.match(store.notices()[0] ?? '', /network file system \(nfs4\)/);
    const appended = store.journal.append(anEvent());
    assert.equal(home.open({ readNetworkHome: () => 'nfs4' }).journal.head().hash, appended.hash);
    assert.ok((await store.journal.verify()).ok);
    assert.deepEqual(
      readdirSync(home.folder).filter(name => name.endsWith('-wal')),
      [],
    );
  });

  it('has no notices on a local disk', () => {
    assert.deepEqual(home.open().notices(), []);
  });
});
