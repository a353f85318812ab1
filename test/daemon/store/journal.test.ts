import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildJournalEntry, type JournalEntry, journalOrigin } from '../../../daemon/model/journalEntry.ts';
import type { Store } from '../../../daemon/store/store.ts';
import { anEvent, aStart, TemporaryStore } from './temporaryStore.ts';

const ended = { type: 'promotion.ended', outcome: 'succeeded', reason: 'It runs.' } as const;

describe('the journal', () => {
  let home: TemporaryStore;
  let store: Store;
  beforeEach(() => {
    home = new TemporaryStore();
    store = home.open();
  });
  afterEach(() => home.dispose());

  const append = (count: number) => store.journal.appendAll(Array.from({ length: count }, () => anEvent()));

  async function findings(): Promise<readonly string[]> {
    const { findings, ok } = await store.journal.verify();
    assert.equal(ok, findings.length === 0);
    return findings.map(({ problem, sequence }) => `${problem} ${sequence}`);
  }

  it('L-09a chains versioned events in the store', async () => {
    const [first, second] = append(2);
    assert.equal(first?.sequence, 1);
    assert.equal(first?.version, 1);
    assert.equal(second?.previous, first?.hash);
    assert.equal(store.journal.head().hash, second?.hash);
    assert.deepEqual(await findings(), []);
  });

  it('appends all or nothing', () => {
    const broken = { ...anEvent(), payload: 'not what it carries' };
    assert.throws(() => store.journal.appendAll([anEvent(), broken]), /was not appended/);
    assert.equal(store.journal.head().sequence, 0);
  });

  it('refuses events that it could not read back', () => {
    assert.throws(() => store.journal.append({ ...anEvent(), version: 9 }), /no version 9/);
    assert.throws(() => store.journal.append({ ...anEvent(), type: 'x' }), /no event x/);
  });

  it('reads events after a number, up to a limit, of one promotion', async () => {
    await store.startPromotion(aStart('p-1'));
    append(3);
    store.endPromotion({ promotionId: 'p-1', event: ended });
    const { events, head } = store.journal.read({ since: 1, limit: 2 });
    assert.deepEqual(
      events.map(event => event.sequence),
      [2, 3],
    );
    assert.equal(head, 6);
    assert.deepEqual(
      store.journal.read({ since: 1, limit: 10, promotionId: 'p-1' }).events.map(event => event.sequence),
      [2, 6],
    );
  });

  it('calls back after the commit, in order, also when a listener appends', () => {
    const seen: number[] = [];
    const other = home.open();
    const { dispose } = store.journal.onAppended(entry => {
      seen.push(entry.sequence);
      assert.ok(other.journal.head().sequence >= entry.sequence);
      if (entry.sequence === 1) {
        store.journal.append(anEvent());
      }
    });
    append(2);
    assert.deepEqual(seen, [1, 2, 3]);
    dispose();
    append(1);
    assert.deepEqual(seen, [1, 2, 3]);
  });

  it('goes on when a listener throws, and says so', () => {
    const seen: JournalEntry[] = [];
    store.journal.onAppended(() => {
      throw new Error('on purpose');
    });
    store.journal.onAppended(entry => seen.push(entry));
    append(1);
    assert.equal(seen.length, 1);
    assert.match(store.notices()[0] ?? '', /Event 1 was not passed on: on purpose/);
  });

  it('chains what two processes append', async () => {
    const other = home.open();
    append(1);
    other.journal.append(anEvent());
    append(1);
    assert.equal(store.journal.head().sequence, 3);
    assert.deepEqual(await findings(), []);
  });

  it('L-09b names an event that was edited in the file', async () => {
    await store.startPromotion(aStart('p-1'));
    append(2);
    home.tamper(`UPDATE events SET payload = replace(payload, 'laptop', 'server') WHERE sequence = 2`);
    const { findings: found } = await store.journal.verify();
    assert.equal(found.length, 1);
    assert.equal(found[0]?.problem, 'edited');
    assert.match(found[0]?.message ?? '', /Event 2 \(promotion.started of promotion p-1, 2026-01-01T/);
  });

  it('L-09b names an event whose time or type was edited in the file', async () => {
    append(3);
    home.tamper(`UPDATE events SET time = '2020-01-01T00:00:00.000Z' WHERE sequence = 1`);
    home.tamper(`UPDATE events SET type = 'environment.connected' WHERE sequence = 3`);
    assert.deepEqual(await findings(), ['edited 1', 'edited 3']);
  });

  it('L-09c names an event that was removed from the file', async () => {
    append(5);
    home.tamper('DELETE FROM events WHERE sequence = 3');
    const { findings: found } = await store.journal.verify();
    assert.deepEqual(
      found.map(({ problem, sequence }) => ({ problem, sequence })),
      [{ problem: 'removed', sequence: 3 }],
    );
    assert.match(found[0]?.message ?? '', /between event 2 \(environment.disconnected, .+\) and event 4/);
  });

  it('L-09d names two events that were swapped in the file', async () => {
    append(5);
    home.tamper(`UPDATE events SET sequence = -2 WHERE sequence = 2;
      UPDATE events SET sequence = 2 WHERE sequence = 4; UPDATE events SET sequence = 4 WHERE sequence = -2;`);
    assert.deepEqual(await findings(), ['swapped 2']);
  });

  it('L-09e finds a cut up to the anchor that the end of a promotion wrote', async () => {
    await store.startPromotion(aStart('p-1'));
    store.endPromotion({ promotionId: 'p-1', event: ended });
    home.tamper('DELETE FROM events WHERE sequence > 1');
    const { findings: found } = await store.journal.verify();
    assert.deepEqual(
      found.map(({ problem, sequence }) => ({ problem, sequence })),
      [{ problem: 'cut', sequence: 2 }],
    );
    assert.match(found[0]?.message ?? '', /written when a promotion ended\) saw event 3/);
  });

  it('L-09e finds a cut up to the anchor of an orderly close', async () => {
    append(3);
    store.dispose();
    store = home.open();
    home.tamper('DELETE FROM events WHERE sequence > 2');
    assert.deepEqual(await findings(), ['cut 3']);
  });

  it('L-09e finds a cut up to the anchor that every hundred events get', async () => {
    for (let count = 0; count < 205; count += 1) {
      append(1);
    }
    const { provenUpTo } = await store.journal.verify();
    assert.equal(provenUpTo, 200);
    home.tamper('DELETE FROM events WHERE sequence > 150');
    assert.deepEqual(await findings(), ['cut 151']);
  });

  it('L-09e finds a cut of everything', async () => {
    append(3);
    store.dispose();
    store = home.open();
    home.tamper('DELETE FROM events');
    assert.deepEqual(await findings(), ['cut 1']);
  });

  it('L-09f says which events come after the last anchor', async () => {
    await store.startPromotion(aStart('p-1'));
    store.endPromotion({ promotionId: 'p-1', event: ended });
    assert.match((await store.journal.verify()).message, /An anchor proves its end/);
    append(3);
    const { provenUpTo, message, ok } = await store.journal.verify();
    assert.ok(ok);
    assert.equal(provenUpTo, 3);
    assert.match(message, /Events 4 to 6 come after the last anchor: a cut there would not be seen/);
  });

  it('names an event that it cannot read and goes on', async () => {
    append(3);
    home.tamper(`UPDATE events SET payload = '{' WHERE sequence = 2`);
    assert.deepEqual(await findings(), ['unreadable 2']);
    assert.equal(store.journal.read({ since: 0, limit: 9 }).events.length, 3);
    append(1);
  });

  it('names an event of a version that it does not know, though the chain is whole', async () => {
    const entry = buildJournalEntry(journalOrigin, { type: 'lock.stolen', version: 3, payload: {} }, 'now');
    home.tamper(`INSERT INTO events VALUES (1, 'now', 'lock.stolen', 3, NULL, '{}',
      '${entry.previous}', '${entry.hash}')`);
    const { findings: found } = await store.journal.verify();
    assert.equal(found.length, 1);
    assert.match(found[0]?.message ?? '', /^Event 1 \(lock\.stolen, now\) cannot be read: .*knows no event/);
  });

  it('takes away an anchor that a crash left half written, and names one that was edited', async () => {
    append(2);
    store.dispose();
    const anchors = join(home.folder, 'anchors.jsonl');
    appendFileSync(anchors, '{"sequence": 9, "ha');
    store = home.open();
    assert.deepEqual(await findings(), []);
    append(1);
    store.dispose();
    assert.equal(readFileSync(anchors, 'utf8').split('\n').length, 3);
    writeFileSync(anchors, readFileSync(anchors, 'utf8').replace('"sequence":2', '"sequence":"two"'));
    store = home.open();
    const { findings: found } = await store.journal.verify();
    assert.match(found[0]?.message ?? '', /Line 1 of anchors\.jsonl is no anchor/);
  });

  it('verifies while others append', async () => {
    append(1000);
    const verification = store.journal.verify();
    append(5);
    const { ok, events } = await verification;
    assert.ok(ok);
    assert.ok(events >= 1000);
  });
});
