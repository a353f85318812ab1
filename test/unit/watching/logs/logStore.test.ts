import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SlipwayError } from '../../../../daemon/protocol/errors.ts';
import { buildBatch, longestText } from '../../../../daemon/watching/logs/buildBatch.ts';
import { EntryFilter } from '../../../../daemon/watching/logs/entryFilter.ts';
import { listAll } from '../../../../daemon/watching/logs/entryList.ts';
import { FilterView } from '../../../../daemon/watching/logs/filterView.ts';
import { findEntry } from '../../../../daemon/watching/logs/findEntry.ts';
import { saveLog } from '../../../../daemon/watching/logs/saveLog.ts';
import { openTestStore, smallLimits, type TestStore } from './testStore.ts';

const never = new AbortController().signal;

describe('the entries of a log', () => {
  const opened: TestStore[] = [];
  const open = (...args: Parameters<typeof openTestStore>): TestStore => {
    const store = openTestStore(...args);
    opened.push(store);
    return store;
  };
  afterEach(() => {
    for (const store of opened.splice(0)) {
      store.dispose();
    }
  });

  const texts = async (list: Parameters<typeof buildBatch>[0], from = 0, limit = 20_000) => {
    const batch = await buildBatch(list, from, limit);
    return batch.count === 0 ? [] : batch.text.split('\n').map(line => line.split(' ').slice(6).join(' '));
  };

  it('are read by their place, over all segments, with kind, severity, source, length and time', async () => {
    const { store, say } = open({ ...smallLimits, entries: 1_000 });
    say(25);
    store.remark({ kind: 'gap', time: 1_700_000_000_123_456, text: 'something\nis missing' }, 2);
    store.remark({ kind: 'notice', time: 1_700_000_000_000_000, text: 'hello' }, -1);
    say(3, 1, number => `ERROR ${number}`);
    const all = listAll(store);
    assert.deepEqual((await texts(all)).length, 30);
    const batch = await buildBatch(all, 24, 4);
    assert.deepEqual(batch.text.split('\n'), [
      'L 6 24 0 7 2026-11-25T21:24:25.123456789Z line 24',
      'G 6 25 2 20 2023-11-14T22:13:20.123456000Z something is missing',
      'N 6 26 -1 5 2023-11-14T22:13:20.000000000Z hello',
      'L 1 27 1 8 2026-11-25T21:24:25.123456789Z ERROR 25',
    ]);
    assert.deepEqual([batch.from, batch.count, batch.total, batch.first], [24, 4, 30, 0]);
    assert.equal(store.gaps, 1);
  });

  it('travel without what makes them too long, which is said', async () => {
    const { store, say } = open();
    say(1, 0, () => `${'x'.repeat(longestText - 1)}😀 and more\r`);
    const { text } = await buildBatch(listAll(store), 0, 1);
    const [kind, , , , length, , shown = ''] = text.split(' ');
    assert.equal(kind, 'T');
    assert.equal(Number(length), longestText + 1 + ' and more'.length);
    assert.equal(shown, 'x'.repeat(longestText - 1));
  });

  it('travel in batches of a bounded size', async () => {
    const { store, say } = open();
    say(200, 0, () => 'x'.repeat(5_000));
    const batch = await buildBatch(listAll(store), 0, 200);
    assert.ok(batch.count < 200 && batch.count > 0);
    assert.ok(batch.text.length < 300_000);
    assert.equal((await buildBatch(listAll(store), batch.count, 200)).from, batch.count);
  });

  it('P-07r make way from the oldest on, and it is said how many', async () => {
    const { store, say } = open(smallLimits);
    store.remark({ kind: 'gap', time: 0, text: 'x' }, 0);
    say(124);
    assert.equal(store.total, 125);
    assert.equal(store.first, 80);
    assert.equal(store.gaps, 0);
    const batch = await buildBatch(listAll(store), 0, 10);
    assert.deepEqual([batch.from, batch.first, batch.count], [80, 80, 10]);
    assert.match(batch.text, /^L 6 80 0 7 \S+ line 79\n/);
  });

  it('are kept in files that nobody else may read and that have no name any more', () => {
    const { folder, say } = open(smallLimits);
    say(30);
    assert.deepEqual(readdirSync(folder), []);
    if (existsSync('/proc/self/fd')) {
      const modes = readdirSync('/proc/self/fd').flatMap(name => {
        try {
          const { mode, nlink, size } = statSync(join('/proc/self/fd', name));
          return nlink === 0 && size > 0 ? [mode & 0o777] : [];
        } catch {
          return [];
        }
      });
      assert.ok(modes.every(mode => mode === 0o600));
    }
  });

  it('are not lost silently when the disk takes no more', async () => {
    const { folder, store, say, failures } = open(smallLimits);
    say(10);
    rmSync(folder, { recursive: true });
    say(10);
    assert.equal(failures.length, 1);
    assert.equal(store.total, 10);
    assert.equal((await texts(listAll(store))).length, 10);
  });

  it('are found forward and backward, and not where there are none', async () => {
    const { store, say } = open({ ...smallLimits, entries: 1_000 });
    say(100);
    const find = (text: string, from: number, direction: 'forward' | 'backward', regex = false) =>
      findEntry(listAll(store), { pattern: { text, regex, matchCase: true }, from, direction }, never);
    assert.equal(await find('line 4', 0, 'forward'), 4);
    assert.equal(await find('line 4', 5, 'forward'), 40);
    assert.equal(await find('line 4', 99, 'backward'), 49);
    assert.equal(await find('line 4', 4, 'backward'), 4);
    assert.equal(await find('line 4', 3, 'backward'), undefined);
    assert.equal(await find('^line \\d7$', 18, 'forward', true), 27);
    assert.equal(await find('nothing', 0, 'forward'), undefined);
    assert.equal(await find('line 99', 1_000_000, 'backward'), 99);
  });

  it('are looked for no further once nobody wants to know', async () => {
    const { store, say } = open();
    say(50_000);
    const aborting = new AbortController();
    const search = {
      pattern: { text: 'x', regex: false, matchCase: true },
      from: 0,
      direction: 'forward',
    } as const;
    const finding = findEntry(listAll(store), search, aborting.signal);
    aborting.abort();
    await assert.rejects(finding, { name: 'AbortError' });
  });

  describe('that a filter shows', () => {
    const filter = async (
      store: TestStore['store'],
      conditions: ConstructorParameters<typeof EntryFilter>[0],
    ) => {
      const view = new FilterView({
        id: 'f',
        store,
        filter: new EntryFilter(conditions),
        onChanged: () => undefined,
      });
      await view.start();
      const limit = performance.now() + 5_000;
      while (view.scanned < store.total && performance.now() < limit) {
        await wait(1);
      }
      return view;
    };
    const plain = (text: string) => ({ text, regex: false, matchCase: true });

    it('hold every condition; gaps and notices always pass', async () => {
      const { store, say } = open();
      say(10);
      say(10, 1, number => `ERROR ${number}`);
      say(10, 2, number => `WARN ${number}`);
      store.remark({ kind: 'gap', time: 0, text: 'gap' }, 0);
      store.remark({ kind: 'notice', time: 0, text: 'notice' }, 0);
      const show = async (conditions: Parameters<typeof filter>[1]) =>
        (await texts(await filter(store, conditions))).slice(0, -2);
      assert.deepEqual(await show({ include: plain('line 3') }), ['line 3']);
      assert.deepEqual(await show({ sources: [1], exclude: plain('ERROR 1') }), []);
      assert.equal((await show({ severity: 'error' })).length, 10);
      assert.equal((await show({ severity: 'warning' })).length, 20);
      assert.equal((await show({ severity: 'none' })).length, 30);
      assert.deepEqual(await show({ severity: 'warning', sources: [2], include: plain('29') }), ['WARN 29']);
    });

    it('are joined by new ones, and keep their places when the oldest make way', async () => {
      const { store, say } = open(smallLimits);
      say(40);
      const view = await filter(store, { include: plain('0') });
      assert.deepEqual(await texts(view), ['line 0', 'line 10', 'line 20', 'line 30']);
      say(60);
      view.grow();
      const limit = performance.now() + 5_000;
      while (view.scanned < 100 && performance.now() < limit) {
        await wait(1);
      }
      // Line 40 made way before anybody looked at it.
      assert.equal(view.total, 9);
      assert.equal(view.first, 4);
      assert.deepEqual(await texts(view), ['line 50', 'line 60', 'line 70', 'line 80', 'line 90']);
      assert.equal(await findEntry(view, { pattern: plain('80'), from: 0, direction: 'forward' }, never), 7);
      assert.equal(await findEntry(view, { pattern: plain('60'), from: 8, direction: 'backward' }, never), 5);
    });

    it('are read also where few of many are shown', async () => {
      const { store, say } = open();
      say(30_000);
      const view = await filter(store, { include: { text: '(777|778)$', regex: true, matchCase: true } });
      const shown = await texts(view);
      assert.equal(shown.length, 60);
      assert.equal(shown.at(-1), 'line 29778');
      assert.equal(
        await findEntry(
          view,
          { pattern: { text: '^line 777$', regex: true, matchCase: true }, from: 59, direction: 'backward' },
          never,
        ),
        0,
      );
    });
  });

  describe('that are saved', () => {
    it('are in a file for its user alone, with times and sources where they are wanted, and it is said what is gone', async () => {
      const { folder, store, say } = open(smallLimits);
      say(65);
      store.remark({ kind: 'gap', time: 0, text: 'lines are missing' }, 0);
      const path = join(folder, 'saved.log');
      writeFileSync(path, 'what was there before', { mode: 0o644 });
      const saved = await saveLog(
        listAll(store),
        { path, timestamps: true, nameSource: id => `pod${id}/web` },
        never,
      );
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      assert.equal(lines[0], '--- 20 older entries made way for newer ones ---');
      assert.equal(lines[1], '2026-11-25T21:24:25.123456789Z pod0/web line 20');
      assert.equal(lines.at(-1), '1970-01-01T00:00:00.000000000Z pod0/web --- lines are missing ---');
      assert.equal(saved.lines, 46);
      assert.equal(saved.bytes, statSync(path).size);
      assert.equal(statSync(path).mode & 0o777, 0o600);
      assert.deepEqual(readdirSync(folder), ['saved.log']);
    });

    it('are the very bytes that the container wrote', async () => {
      const { folder, store } = open();
      const bytes = Buffer.concat([
        Buffer.from('2026-11-25T21:24:25.123456789Z '),
        Buffer.from([0xff, 0xc3, 0x28]),
        Buffer.from('\u001b[31mred\u001b[0m\n'),
      ]);
      store.append({ bytes, ends: [bytes.length] }, 0);
      const path = join(folder, 'saved.log');
      await saveLog(listAll(store), { path, timestamps: false }, never);
      assert.deepEqual(readFileSync(path), bytes.subarray(31));
    });

    it('leave nothing behind where they cannot be written, and say why', async () => {
      const { folder, store, say } = open();
      say(3);
      const failing = saveLog(
        listAll(store),
        { path: join(folder, 'no', 'saved.log'), timestamps: false },
        never,
      );
      await assert.rejects(
        failing,
        error => error instanceof SlipwayError && error.code === 'saveFailed' && /ENOENT/.test(error.message),
      );
      await assert.rejects(
        saveLog(listAll(store), { path: 'saved.log', timestamps: false }, never),
        error => error instanceof SlipwayError && error.code === 'invalidArgument',
      );
      assert.deepEqual(readdirSync(folder), []);
    });
  });
});
