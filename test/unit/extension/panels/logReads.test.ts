import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { LogReads } from '../../../../extension/panels/logReads.ts';
import type { DaemonPort } from '../../../../extension/state/daemonPort.ts';
import type { ToLogPage } from '../../../../webview/protocol/logMessages.ts';

describe('the reads of a page that follows a log', () => {
  /** How many lines the daemon has, and how often it was asked. */
  let total = 0;
  let looks = 0;
  let answered: ToLogPage[] = [];
  let now = 0;
  let reads: LogReads;

  beforeEach(() => {
    total = 0;
    looks = 0;
    answered = [];
    now = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => now);
    const daemon = {
      request: async (_method: string, { from }: { readonly from: number }) => {
        looks += 1;
        const count = Math.max(0, total - from);
        return { from, count, text: Array(count).fill('a').join('\n'), total, first: 0 };
      },
    };
    reads = new LogReads(daemon as unknown as DaemonPort, async (_id, ask) => {
      const answer = await ask('log');
      answered.push(...(answer ? [answer] : []));
    });
    for (const id of [1, 2, 3, 4]) {
      reads.take({ type: 'read', id, ...(id === 1 ? { from: 0 } : {}), limit: 100, wait: true });
    }
  });
  afterEach(() => {
    reads.forget();
    mock.restoreAll();
    mock.timers.reset();
  });

  /** Lets time pass, and what is asked in it be answered. */
  const pass = async (ms: number): Promise<void> => {
    await new Promise(setImmediate);
    for (const end = now + ms; now < end; ) {
      now += 1;
      mock.timers.tick(1);
      await new Promise(setImmediate);
    }
  };

  /** Lines come, and the daemon says so, as often as a busy log makes it. */
  const grow = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      total += 1;
      reads.wake();
      await pass(5);
    }
  };

  it('are answered at once when the first line after a silence comes', async () => {
    await pass(5_000);
    const before = looks;
    await grow(1);
    assert.equal(looks, before + 1);
    assert.equal(answered.length, 1);
  });

  it('are answered 24 times a second at most while lines come, however often the daemon tells of them', async () => {
    await grow(1);
    const before = looks;
    await grow(24);
    assert.equal(looks - before, 2);
    assert.equal(answered.length, 3);
  });

  it('miss nothing that came with the last of many lines', async () => {
    await pass(10);
    await grow(3);
    await pass(60);
    const told = answered.map(answer => (answer.type === 'read' ? answer.batch.count : 0));
    assert.equal(
      told.reduce((sum, count) => sum + count, 0),
      3,
    );
  });

  it('ask no more once no line has come for a second, until there is one', async () => {
    await grow(1);
    await pass(1_100);
    const before = looks;
    await pass(3_000);
    assert.equal(looks, before);
    await grow(1);
    assert.equal(answered.length, 2);
  });
});
