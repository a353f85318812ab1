import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { promotionHasEnded } from '../../../daemon/model/promotion.ts';
import type { Store } from '../../../daemon/store/store.ts';
import { anEvent, TemporaryStore } from './temporaryStore.ts';
import { TestProcess } from './testProcess.ts';

type Acknowledged = { readonly sequence: number; readonly hash: string };

function parseAcknowledged(line: string): Acknowledged {
  const [sequence, hash = ''] = line.split(' ');
  return { sequence: Number(sequence), hash };
}

/** Every event that was acknowledged is there, as it was, and the rest of the store agrees with the events. */
async function assertNothingLost(store: Store, acknowledged: readonly Acknowledged[]): Promise<void> {
  const first = acknowledged[0]?.sequence ?? 1;
  const { events } = store.journal.read({ since: first - 1, limit: 100_000 });
  const lost = acknowledged.filter(({ sequence, hash }) => events[sequence - first]?.hash !== hash);
  assert.deepEqual(lost, []);
  for (const promotion of store.promotions.running()) {
    const { clusterId, namespace } = promotion.plan.target;
    assert.equal(store.locks.get({ clusterId, namespace })?.promotionId, promotion.id);
  }
}

/** Ends what the killed process left, as recovery would. */
function recover(store: Store): void {
  const event = { type: 'promotion.ended', outcome: 'failed', reason: 'It was killed.' } as const;
  for (const { id } of store.promotions.running()) {
    assert.ok(promotionHasEnded(store.endPromotion({ promotionId: id, event })));
  }
}

describe('the store under kill -9', () => {
  it('L-10f loses no acknowledged event in forty kills at random moments', async function () {
    this.timeout(120_000);
    const seed = Math.floor(Math.random() * 2 ** 31);
    const loops = await Promise.all([0, 1].map(number => runKills(20, seed + number)));
    const total = loops.reduce((sum, count) => sum + count, 0);
    // How many there are is the machine's business; one for each kill shows that the kills hit a writer.
    assert.ok(total > 40, `only ${total} events were acknowledged (seed ${seed})`);
  });

  it('L-10f loses no acknowledged event when the disk takes no more, and goes on when it does', async () => {
    const home = new TemporaryStore();
    try {
      const limit = ['sh', '-c', 'ulimit -f 2000; exec "$@"', 'sh'];
      const writer = new TestProcess('appendUntilKilled.ts', [home.folder], limit);
      const lines = await writer.rest();
      assert.match(lines.at(-1) ?? '', /^SlipwayError .*store\.db cannot be used: .*disk/);
      const store = home.open();
      const acknowledged = lines.slice(0, -1).map(parseAcknowledged);
      assert.ok(acknowledged.length > 20);
      await assertNothingLost(store, acknowledged);
      recover(store);
      store.journal.append(anEvent());
      const { findings } = await store.journal.verify();
      assert.deepEqual(findings, []);
    } finally {
      home.dispose();
    }
  });
});

/** Kills a writer again and again; answers how many events were acknowledged. */
async function runKills(kills: number, seed: number): Promise<number> {
  const home = new TemporaryStore();
  const random = buildRandom(seed);
  let total = 0;
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const writer = new TestProcess('appendUntilKilled.ts', [home.folder]);
      const first = await writer.line();
      // Not a wait for something: the moment of the kill itself.
      await setTimeout(random() * 80);
      await writer.kill();
      const acknowledged = [first, ...(await writer.rest())]
        .filter(line => line.length > 60)
        .map(parseAcknowledged);
      total += acknowledged.length;
      const store = home.open();
      await assertNothingLost(store, acknowledged);
      recover(store);
      if (kill % 5 === 4) {
        const { findings, provenUpTo } = await store.journal.verify();
        assert.deepEqual(findings, [], `seed ${seed}, kill ${kill}`);
        assert.ok(provenUpTo > 0);
      }
      store.dispose();
    }
    const database = new DatabaseSync(home.path);
    assert.equal(database.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
    assert.deepEqual(database.prepare('PRAGMA foreign_key_check').all(), []);
    database.close();
    assert.ok(statSync(join(home.folder, 'anchors.jsonl')).size > 0);
    assert.ok(readFileSync(join(home.folder, 'anchors.jsonl'), 'utf8').endsWith('\n'));
    return total;
  } finally {
    home.dispose();
  }
}

/** Repeatable numbers from 0 to 1 (mulberry32). */
function buildRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
