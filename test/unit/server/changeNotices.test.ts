import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JournalEntry } from '../../../daemon/model/journalEntry.ts';
import type { Promotion } from '../../../daemon/model/promotion.ts';
import type { Broadcast } from '../../../daemon/server/broadcast.ts';
import { buildChangeNotices } from '../../../daemon/server/changeNotices.ts';
import type { OpenRepository } from '../../../daemon/watching/openRepository.ts';

type Journaled = Pick<JournalEntry, 'promotionId' | 'sequence' | 'type'>;

/** Notices over a journal to which the test appends; `told` is what windows got, in order. */
function build(load: (id: string) => Partial<Promotion>) {
  const told: string[] = [];
  const problems: string[] = [];
  let appended: (entry: JournalEntry) => void = () => {};
  const broadcast: Broadcast = {
    toRepository: (_id, { name, params }) =>
      void told.push(`${name} ${'sequence' in params ? params.sequence : ''}`.trim()),
    toAll: () => {},
    toPeople: () => {},
  };
  const repository = {
    id: 'r',
    view: () => ({}),
    environments: { notify: (name: string) => void told.push(`environment ${name}`) },
  } as unknown as OpenRepository;
  buildChangeNotices({
    store: {
      journal: {
        onAppended: (listener: typeof appended) => {
          appended = listener;
          return { dispose: () => {} };
        },
      },
      promotions: { load },
    } as never,
    repositories: { find: () => repository },
    broadcast,
    log: message => problems.push(message),
  });
  const append = (entry: Journaled) => appended(entry as JournalEntry);
  return { told, problems, append };
}

const plan = { repositoryId: 'r', target: { environment: 'staging' } } as Promotion['plan'];

describe('the notices of changes', () => {
  it('tell a promotion once for all events of one turn, and what is around it after it', async () => {
    const { told, append } = build(() => ({ plan }));
    append({ promotionId: 'p', sequence: 7, type: 'step.completed' });
    append({ promotionId: 'p', sequence: 8, type: 'promotion.ended' });
    assert.deepEqual(told, [], 'whoever appended goes on first');
    await nextTurn();
    await nextTurn();
    assert.deepEqual(told, ['promotion.changed 8', 'environment staging', 'repository.changed']);
  });

  it('tell of the environment only when its lock or its version may have changed', async () => {
    const { told, append } = build(() => ({ plan }));
    append({ promotionId: 'p', sequence: 3, type: 'step.spawned' });
    await nextTurn();
    await nextTurn();
    assert.deepEqual(told, ['promotion.changed 3']);
  });

  it('log what cannot be told, and go on with the next', async () => {
    const { told, problems, append } = build(id => {
      if (id === 'bad') {
        throw new Error('event 1 cannot be read');
      }
      return { plan };
    });
    append({ promotionId: 'bad', sequence: 1, type: 'step.spawned' });
    append({ promotionId: 'good', sequence: 2, type: 'step.spawned' });
    await nextTurn();
    assert.deepEqual(told, ['promotion.changed 2']);
    assert.match(problems[0] ?? '', /event 1 cannot be read/);
  });
});
