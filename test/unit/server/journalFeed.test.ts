import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { JournalSource } from '../../../daemon/handlers/services.ts';
import type { JournalEntry } from '../../../daemon/model/journalEntry.ts';
import { startJournalFeed } from '../../../daemon/server/journalFeed.ts';
import { waitUntil } from '../../daemon/server/testFolder.ts';
import { buildTestJournal } from '../../daemon/server/testServer.ts';

describe('the journal feed', () => {
  it('L-07d leaves no gap between what was and what comes, however appends and sends interleave', async () => {
    const scenario = fc.record({
      since: fc.integer({ min: 0, max: 300 }),
      before: fc.integer({ min: 0, max: 300 }),
      steps: fc.array(fc.record({ append: fc.integer({ min: 1, max: 150 }), turns: fc.nat({ max: 3 }) })),
      sendTurns: fc.nat({ max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ since, before, steps, sendTurns }) => {
        const journal = buildTestJournal();
        journal.append(before);
        const start = Math.min(since, before);
        const seen: number[] = [];
        const feed = startJournalFeed({
          source: journal,
          since: start,
          send: async events => {
            seen.push(...events.map(event => event.sequence));
            await turn(sendTurns);
          },
          onFailed: assert.ifError,
        });
        for (const { append, turns } of steps) {
          journal.append(append);
          await turn(turns);
        }
        const head = journal.head().sequence;
        await waitUntil('the last event', () => seen.length >= head - start);
        feed.dispose();
        assert.deepEqual(
          seen,
          Array.from({ length: head - start }, (_, index) => start + index + 1),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('cuts large events into messages of a fair size', async () => {
    const journal = buildTestJournal();
    journal.append(10, 'x'.repeat(100_000));
    const sizes: number[] = [];
    const feed = startJournalFeed({
      source: journal,
      since: 0,
      send: async events => void sizes.push(events.length),
      onFailed: assert.ifError,
    });
    await waitUntil('ten events', () => sizes.reduce((sum, size) => sum + size, 0) === 10);
    feed.dispose();
    assert.deepEqual(sizes, [3, 3, 3, 1]);
  });

  it('sends nothing after it was disposed', async () => {
    const journal = buildTestJournal();
    const seen: number[] = [];
    const feed = startJournalFeed({
      source: journal,
      since: 0,
      send: async events => void seen.push(...events.map(event => event.sequence)),
      onFailed: assert.ifError,
    });
    journal.append(1);
    await waitUntil('one event', () => seen.length === 1);
    feed.dispose();
    journal.append(1);
    await turn(5);
    assert.deepEqual(seen, [1]);
  });

  it('fails once, and says so, when the journal is not in order or cannot be read', async () => {
    const entry = (sequence: number) => ({ sequence, payload: {} }) as JournalEntry;
    const sources: Pick<JournalSource, 'read'>[] = [
      { read: () => ({ events: [entry(2), entry(1)], head: 2 }) },
      {
        read: () => {
          throw new Error('disk');
        },
      },
    ];
    for (const { read } of sources) {
      const failures: unknown[] = [];
      startJournalFeed({
        source: { ...buildTestJournal(), read },
        since: 0,
        send: async () => {},
        onFailed: error => failures.push(error),
      });
      await waitUntil('the failure', () => failures.length > 0);
      await turn(5);
      assert.equal(failures.length, 1);
    }
  });
});

async function turn(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await new Promise(resolve => setImmediate(resolve));
  }
}
