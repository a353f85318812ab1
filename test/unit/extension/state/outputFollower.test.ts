import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { NotificationParams, Params, Result } from '../../../../daemon/protocol/messages.ts';
import type { DaemonPort } from '../../../../extension/state/daemonPort.ts';
import type { DaemonState } from '../../../../extension/state/daemonState.ts';
import { OutputFollower, type OutputSink } from '../../../../extension/state/outputFollower.ts';
import { ReleaseStore } from '../../../../extension/state/releaseStore.ts';
import { aPromotion, aRepository } from '../../../builders/views.ts';

type Chunk = NotificationParams<'output.appended'>;

/** The end of the wire where a test is the daemon. */
function openWire() {
  const listeners = new Set<(chunk: Chunk) => void>();
  const asked: Params<'output.follow'>[] = [];
  const answers: PromiseWithResolvers<Result<'output.follow'>>[] = [];
  const daemon = {
    request: (_method: 'output.follow', params: Params<'output.follow'>) => {
      asked.push(params);
      const answer = Promise.withResolvers<Result<'output.follow'>>();
      answers.push(answer);
      return answer.promise;
    },
    on: (_name: string, listener: (chunk: Chunk) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as DaemonPort;
  return {
    daemon,
    asked,
    answer: async (result: Result<'output.follow'>) => {
      answers.shift()?.resolve(result);
      await turn();
    },
    refuse: async (error: Error) => {
      answers.shift()?.reject(error);
      await turn();
    },
    append: (chunk: Omit<Chunk, 'promotionId'>) => {
      for (const listener of listeners) {
        listener({ promotionId: 'promotion-1', ...chunk });
      }
    },
  };
}

const connected: DaemonState = { state: 'connected', person: 'alice', host: 'vm', version: '0.1.0' };

function begin() {
  const wire = openWire();
  const store = new ReleaseStore(error => {
    throw error;
  });
  store.apply({ type: 'daemonChanged', daemon: connected });
  store.apply({ type: 'foldersChanged', folders: ['/work/kosmos'] });
  store.apply({
    type: 'folderOpened',
    folder: '/work/kosmos',
    repository: aRepository({ promotions: [aPromotion()] }),
  });
  const written: string[] = [];
  const sink: OutputSink = {
    begin: step => written.push(`begin ${step.id}`),
    append: text => written.push(text),
    end: (step, { state }) => written.push(`end ${step.id} ${state}`),
    fail: message => written.push(`fail ${message}`),
  };
  const follower = new OutputFollower({ daemon: wire.daemon, store, promotionId: 'promotion-1', sink });
  return { ...wire, store, written, follower };
}

function endFirstStep(store: ReleaseStore): void {
  const [upgrade, status] = aPromotion().steps;
  assert.ok(upgrade && status);
  const steps = [
    { ...upgrade, state: 'done' as const },
    { ...status, state: 'running' as const },
  ];
  store.apply({ type: 'promotionChanged', sequence: 2, promotion: aPromotion({ steps }) });
}

describe('the follower of a promotion’s output', () => {
  it('writes what was printed before and what comes after, each byte once', async () => {
    const test = begin();
    assert.deepEqual(test.asked, [{ promotionId: 'promotion-1', stepId: 'upgrade', offset: 0 }]);
    await test.answer({ text: 'one\n', nextOffset: 4, ended: false });
    test.append({ stepId: 'upgrade', offset: 4, text: 'two\n', nextOffset: 8, ended: false });
    test.append({ stepId: 'upgrade', offset: 4, text: 'two\n', nextOffset: 8, ended: false });
    assert.deepEqual(test.written, ['begin upgrade', 'one\n', 'two\n']);
  });

  it('asks again from where it is when a part is missing', async () => {
    const test = begin();
    await test.answer({ text: 'one\n', nextOffset: 4, ended: false });
    test.append({ stepId: 'upgrade', offset: 8, text: 'three\n', nextOffset: 14, ended: false });
    assert.equal(test.asked.at(-1)?.offset, 4);
    await test.answer({ text: 'two\nthree\n', nextOffset: 14, ended: false });
    assert.equal(test.written.join(''), 'begin upgradeone\ntwo\nthree\n');
  });

  it('asks once more when something arrived before the first answer', async () => {
    const test = begin();
    test.append({ stepId: 'upgrade', offset: 4, text: 'two\n', nextOffset: 8, ended: true });
    await test.answer({ text: 'one\n', nextOffset: 4, ended: false });
    assert.equal(test.asked.length, 2);
    await test.answer({ text: 'two\n', nextOffset: 8, ended: true });
    assert.equal(test.written.join(''), 'begin upgradeone\ntwo\n');
  });

  it('ends a step only when its output is complete, then begins the next', async () => {
    const test = begin();
    await test.answer({ text: 'one\n', nextOffset: 4, ended: false });
    endFirstStep(test.store);
    assert.ok(!test.written.includes('begin status'));
    test.append({ stepId: 'upgrade', offset: 4, text: 'last\n', nextOffset: 9, ended: true });
    assert.deepEqual(test.written.slice(-3), ['last\n', 'end upgrade done', 'begin status']);
    assert.deepEqual(test.asked.at(-1), { promotionId: 'promotion-1', stepId: 'status', offset: 0 });
  });

  it('goes on from where it was after the connection was lost', async () => {
    const test = begin();
    await test.answer({ text: 'one\n', nextOffset: 4, ended: false });
    const since = '2026-11-23T14:29:00.000Z';
    test.store.apply({ type: 'daemonChanged', daemon: { state: 'reconnecting', reason: 'gone', since } });
    assert.equal(test.asked.length, 1);
    test.store.apply({ type: 'daemonChanged', daemon: connected });
    assert.equal(test.asked.at(-1)?.offset, 4);
  });

  it('hears of an end that came with the whole repository, as after a lost connection', async () => {
    const test = begin();
    await test.answer({ text: 'one\n', nextOffset: 4, ended: true });
    const [upgrade, ...others] = aPromotion().steps;
    assert.ok(upgrade);
    const steps = [{ ...upgrade, state: 'done' as const }, ...others];
    const repository = aRepository({ promotions: [aPromotion({ steps })] });
    test.store.apply({ type: 'folderOpened', folder: '/work/kosmos', repository });
    assert.deepEqual(test.written, ['begin upgrade', 'one\n', 'end upgrade done']);
  });

  it('says when the output cannot be read, and goes on with the next step', async () => {
    const test = begin();
    await test.refuse(new Error('the output is gone'));
    endFirstStep(test.store);
    assert.deepEqual(test.written, [
      'begin upgrade',
      'fail the output is gone',
      'end upgrade done',
      'begin status',
    ]);
  });

  it('writes nothing any more once it is disposed', async () => {
    const test = begin();
    test.follower.dispose();
    await test.answer({ text: 'one\n', nextOffset: 4, ended: false });
    test.append({ stepId: 'upgrade', offset: 0, text: 'one\n', nextOffset: 4, ended: false });
    assert.deepEqual(test.written, ['begin upgrade']);
  });
});
