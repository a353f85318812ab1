import assert from 'node:assert/strict';
import type { LogBatch } from '../../../../daemon/protocol/log.ts';
import type { NotificationParams } from '../../../../daemon/protocol/messages.ts';
import { buildLogWords } from '../../../../extension/panels/buildLogWords.ts';
import { LogSession } from '../../../../extension/panels/logSession.ts';
import type { DaemonPort } from '../../../../extension/state/daemonPort.ts';
import { fillIn } from '../../../../extension/words.ts';
import {
  type FromLogPage,
  type LogDeed,
  logProtocol,
  type ToLogPage,
} from '../../../../webview/protocol/logMessages.ts';
import { buildView } from '../../../builders/generatedLog.ts';

const view = buildView({ total: 10, sources: [] });

/** A daemon that answers as it is told, and a page that writes down what it hears. */
class Ends {
  readonly asked: { readonly method: string; readonly params: Readonly<Record<string, unknown>> }[] = [];
  readonly heard: ToLogPage[] = [];
  readonly deeds: LogDeed[] = [];
  readonly session: LogSession;
  total = 10;
  failure: { readonly method: string; readonly code: string } | undefined;
  arrives = true;
  /** Before the daemon answers that a log is open. */
  beforeOpen: () => Promise<void> = async () => {};
  #listener: ((params: NotificationParams<'log.changed'>) => void) | undefined;

  constructor(logId?: string) {
    const daemon = {
      request: async (method: string, params: Readonly<Record<string, unknown>>) => {
        this.asked.push({ method, params });
        if (this.failure?.method === method) {
          throw Object.assign(new Error(`It failed: ${method}.`), { code: this.failure.code });
        }
        if (method === 'log.open') {
          await this.beforeOpen();
        }
        return this.#answer(method, params);
      },
      on: (_name: string, listener: (params: NotificationParams<'log.changed'>) => void) => {
        this.#listener = listener;
        return () => {};
      },
    };
    this.session = new LogSession({
      daemon: daemon as unknown as DaemonPort,
      place: { repositoryId: 'repository', environment: 'staging', workload: 'deployment/agent-name' },
      range: { previous: false, tailLines: 100 },
      ...(logId === undefined ? {} : { logId }),
      words: buildLogWords(fillIn),
      settings: { timestamps: true, wrap: false },
      send: async message => {
        this.heard.push(logProtocol.toPage.parse(message));
        return this.arrives;
      },
      onDeed: deed => this.deeds.push(deed),
      sayAnew: () => 'anew',
      sayDisconnected: () => 'disconnected',
      sayOlder: () => 'older',
    });
  }

  /** More lines come. */
  grow(total: number): void {
    this.total = total;
    this.#listener?.({ log: { ...view, total } });
  }

  /** Opens the log with a page that listens. */
  async open(): Promise<void> {
    await this.session.open();
    this.session.take({ type: 'ready' });
    await this.until(() => this.of('opened').length > 0);
  }

  of<T extends ToLogPage['type']>(type: T): readonly Extract<ToLogPage, { readonly type: T }>[] {
    return this.heard.filter(
      (message): message is Extract<ToLogPage, { readonly type: T }> => message.type === type,
    );
  }

  methods(): readonly string[] {
    return this.asked.map(({ method }) => method);
  }

  async until(isSo: () => boolean): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (!isSo()) {
      assert.ok(
        Date.now() < deadline,
        `it never was so: ${JSON.stringify(this.heard.map(({ type }) => type))}`,
      );
      await new Promise(resolve => setTimeout(resolve, 2));
    }
  }

  #answer(method: string, params: Readonly<Record<string, unknown>>): unknown {
    switch (method) {
      case 'log.open':
      case 'log.attach':
        return { ...view, total: this.total };
      case 'log.read': {
        const from = params['from'] as number;
        const count = Math.max(0, Math.min(this.total - from, params['limit'] as number));
        const rows = Array.from({ length: count }, (_, index) => `L 6 ${from + index} 0 1 t x`);
        return { from, count, text: rows.join('\n'), total: this.total, first: 0 } satisfies LogBatch;
      }
      default:
        return {};
    }
  }
}

const read = (id: number, from: number, wait: boolean): FromLogPage => ({
  type: 'read',
  id,
  from,
  limit: 100,
  wait,
});

describe('the session of a log', () => {
  it('P-05h says what it is when an older daemon does not know a question', async () => {
    const ends = new Ends();
    await ends.open();
    ends.failure = { method: 'log.match', code: 'badRequest' };
    const pattern = { text: 'a+', regex: true, matchCase: false };
    ends.session.take({ type: 'match', id: 7, pattern, texts: ['a'] });
    await ends.until(() => ends.of('refused').length > 0);
    assert.deepEqual(ends.of('refused'), [{ type: 'refused', id: 7, code: 'badRequest', message: 'older' }]);
  });

  it('opens the log before the page is there, and tells it with its last lines when it is', async () => {
    const ends = new Ends();
    await ends.session.open();
    assert.deepEqual(ends.heard, []);
    ends.session.take({ type: 'ready' });
    await ends.until(() => ends.of('opened').length > 0);
    assert.equal(ends.of('opened')[0]?.last?.count, 10);
    assert.deepEqual(ends.asked[0], {
      method: 'log.open',
      params: {
        repositoryId: 'repository',
        environment: 'staging',
        workload: 'deployment/agent-name',
        previous: false,
        tailLines: 100,
      },
    });
    ends.session.dispose();
    assert.equal(ends.methods().at(-1), 'log.close');
  });

  it('lets a read wait until there is something, and answers it once', async () => {
    const ends = new Ends();
    await ends.open();
    ends.session.take(read(1, 10, true));
    await new Promise(resolve => setTimeout(resolve, 20));
    assert.equal(ends.of('read').length, 0);
    ends.grow(12);
    await ends.until(() => ends.of('read').length > 0);
    ends.grow(13);
    await new Promise(resolve => setTimeout(resolve, 40));
    assert.deepEqual(
      ends.of('read').map(({ id, batch }) => [id, batch.from, batch.count]),
      [[1, 10, 2]],
    );
    ends.session.dispose();
  });

  it('asks by itself while lines come, faster than the daemon tells of them', async () => {
    const ends = new Ends();
    await ends.open();
    ends.session.take(read(1, 0, true));
    await ends.until(() => ends.of('read').length === 1);
    ends.session.take(read(2, 10, true));
    ends.total = 11;
    await ends.until(() => ends.of('read').length === 2);
    ends.session.dispose();
  });

  it('gives up a read that waits for one that does not', async () => {
    const ends = new Ends();
    await ends.open();
    ends.session.take(read(1, 10, true));
    ends.session.take(read(2, 0, false));
    await ends.until(() => ends.of('read').length > 0);
    ends.grow(20);
    await new Promise(resolve => setTimeout(resolve, 20));
    assert.deepEqual(
      ends.of('read').map(({ id }) => id),
      [2],
    );
    ends.session.dispose();
  });

  it('answers reads ahead one after the other, each from where the one before ended', async () => {
    const ends = new Ends();
    await ends.open();
    ends.session.take(read(1, 10, true));
    for (const id of [2, 3]) {
      ends.session.take({ type: 'read', id, limit: 100, wait: true });
    }
    ends.grow(12);
    await ends.until(() => ends.of('read').length === 1);
    ends.grow(15);
    await ends.until(() => ends.of('read').length === 2);
    assert.deepEqual(
      ends.of('read').map(({ id, batch }) => [id, batch.from, batch.count]),
      [
        [1, 10, 2],
        [2, 12, 3],
      ],
    );
    ends.session.dispose();
  });

  it('answers a look at one entry beside the reads, without a word to them', async () => {
    const ends = new Ends();
    await ends.open();
    ends.session.take(read(1, 10, true));
    ends.session.take({ type: 'peek', id: 2, from: 3 });
    await ends.until(() => ends.of('read').length === 1);
    ends.grow(12);
    await ends.until(() => ends.of('read').length === 2);
    assert.deepEqual(
      ends.of('read').map(({ id, batch }) => [id, batch.from, batch.count]),
      [
        [2, 3, 1],
        [1, 10, 2],
      ],
    );
    ends.session.dispose();
  });

  it('gives up reads ahead for one that names a place', async () => {
    const ends = new Ends();
    await ends.open();
    ends.session.take(read(1, 10, true));
    ends.session.take({ type: 'read', id: 2, limit: 100, wait: true });
    ends.session.take(read(3, 0, false));
    await ends.until(() => ends.of('read').length > 0);
    ends.grow(20);
    ends.session.take(read(4, 10, false));
    await ends.until(() => ends.of('read').length === 2);
    assert.deepEqual(
      ends.of('read').map(({ id }) => id),
      [3, 4],
    );
    ends.session.dispose();
  });

  it('opens the log anew one time after the other: what was chosen last is shown, and the others are closed', async () => {
    const ends = new Ends();
    await ends.open();
    const first = Promise.withResolvers<void>();
    ends.beforeOpen = () => first.promise;
    ends.session.take({ type: 'reopen', range: { previous: false, tailLines: 1 } });
    ends.session.take({ type: 'reopen', range: { previous: true, tailLines: 2 } });
    await ends.until(() => ends.methods().filter(method => method === 'log.open').length === 2);
    ends.beforeOpen = async () => {};
    first.resolve();
    await ends.until(() => ends.of('opened').length === 3);
    assert.deepEqual(ends.of('opened').at(-1)?.range, { previous: true, tailLines: 2 });
    await ends.until(() => ends.methods().filter(method => method === 'log.close').length === 2);
    ends.session.dispose();
  });

  it('says why a question cannot be answered, by its number', async () => {
    const ends = new Ends();
    await ends.open();
    ends.failure = { method: 'log.filter', code: 'invalidPattern' };
    ends.session.take({
      type: 'filter',
      id: 5,
      filter: { include: { text: '(', regex: true, matchCase: false } },
    });
    await ends.until(() => ends.of('refused').length > 0);
    assert.deepEqual(ends.of('refused')[0], {
      type: 'refused',
      id: 5,
      code: 'invalidPattern',
      message: 'It failed: log.filter.',
    });
    ends.session.dispose();
  });

  it('P-05o takes part again after a loss of the connection, and opens the log anew only where it is gone', async () => {
    const ends = new Ends();
    await ends.open();
    await ends.session.setConnected(false);
    assert.equal(ends.of('trouble').at(-1)?.message, 'disconnected');
    await ends.session.setConnected(true);
    assert.deepEqual(
      ends.methods().filter(method => method !== 'log.read'),
      ['log.open', 'log.attach'],
    );
    assert.equal(ends.of('trouble').at(-1)?.message, undefined);
    ends.failure = { method: 'log.attach', code: 'logGone' };
    await ends.session.setConnected(false);
    await ends.session.setConnected(true);
    assert.deepEqual(
      ends
        .methods()
        .filter(method => method !== 'log.read')
        .slice(2),
      ['log.attach', 'log.open'],
    );
    assert.equal(ends.of('told').at(-1)?.message, 'anew');
    ends.session.dispose();
  });

  it('P-05o takes part in the log of an earlier window, and tries again while that cannot be', async () => {
    const ends = new Ends('log-1');
    ends.failure = { method: 'log.attach', code: 'disconnected' };
    ends.session.take({ type: 'ready' });
    await ends.session.setConnected(true);
    await ends.until(() => ends.of('trouble').some(({ message }) => message === 'It failed: log.attach.'));
    ends.failure = undefined;
    ends.session.retry();
    await ends.until(() => ends.of('opened').length > 0);
    ends.session.retry();
    assert.deepEqual(ends.methods(), ['log.attach', 'log.attach', 'log.read']);
    ends.session.dispose();
  });

  it('sends nothing to a page that is hidden', async () => {
    const ends = new Ends();
    await ends.open();
    ends.arrives = false;
    ends.grow(11);
    await ends.until(() => ends.of('changed').length === 1);
    await new Promise(resolve => setTimeout(resolve, 5));
    ends.grow(12);
    await new Promise(resolve => setTimeout(resolve, 5));
    assert.equal(ends.of('changed').length, 1);
    ends.session.dispose();
  });

  it('P-05p takes no message that a page of ours would not send', () => {
    for (const hostile of [
      { type: 'read', id: 1, from: -1, limit: 10, wait: false },
      { type: 'read', id: 1, from: 0, limit: 1_000_000, wait: false },
      { type: 'read', id: 1, from: 0.5, limit: 1, wait: false },
      { type: 'save', extract: { timestamps: true }, path: '/etc/passwd' },
      { type: 'reopen', range: { previous: false, sinceSeconds: -5 } },
      { type: 'copy', text: 'x'.repeat(60_000_000), lines: 1 },
      { type: 'showLine', sequence: '1' },
      { type: 'command', command: 'slipway.startPromotion' },
      ['read'],
      null,
    ]) {
      assert.equal(
        logProtocol.fromPage.safeParse(hostile).success,
        false,
        JSON.stringify(hostile).slice(0, 100),
      );
    }
    // What is more than a message of ours is left out: a page cannot name the file that a log is saved to.
    const saved = logProtocol.fromPage.parse({
      type: 'save',
      extract: { timestamps: true, sources: true, path: '/etc/passwd' },
      path: '/etc/passwd',
    });
    assert.deepEqual(saved, { type: 'save', extract: { timestamps: true, sources: true } });
  });
});
