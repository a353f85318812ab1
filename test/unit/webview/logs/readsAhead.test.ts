import assert from 'node:assert/strict';
import { Questions } from '../../../../webview/logs/reading/questions.ts';
import { ReadsAhead } from '../../../../webview/logs/reading/readsAhead.ts';
import type { FromLogPage } from '../../../../webview/protocol/logMessages.ts';

const plan = { kind: 'append', from: 0, limit: 5_000, wait: true, skipped: 0 } as const;

describe('the reads of a log that is followed', () => {
  const begin = () => {
    const asked: FromLogPage[] = [];
    const questions = new Questions(message => asked.push(message));
    const reads = new ReadsAhead({
      questions,
      onChanged: () => undefined,
      onProblem: error => assert.fail(String(error)),
    });
    const answer = async (from: number, texts: readonly string[]): Promise<void> => {
      const [first] = asked.splice(0, 1);
      assert.ok(first?.type === 'read');
      const batch = {
        from,
        count: texts.length,
        text: texts.join('\n'),
        total: from + texts.length,
        first: 0,
      };
      questions.take({ type: 'read', id: first.id, batch });
      await Promise.resolve();
    };
    reads.ask(plan, undefined);
    reads.askAhead(undefined);
    return { reads, answer, asked };
  };

  it('come as one where they go on from one another, so that a late page draws them once', async () => {
    const { reads, answer } = begin();
    await answer(0, ['a', 'b']);
    await answer(2, ['c']);
    await answer(3, ['', 'd']);
    const taken = reads.takeAnswers();
    assert.deepEqual(
      taken.map(({ batch }) => batch),
      [{ from: 0, count: 5, text: 'a\nb\nc\n\nd', total: 5, first: 0 }],
    );
    assert.deepEqual(reads.takeAnswers(), []);
  });

  it('are asked for together once few are left, so that they travel as one message', async () => {
    const { reads, answer, asked } = begin();
    const left: number[] = [];
    for (let from = 0; from < 4; from += 1) {
      await answer(from, ['a']);
      reads.askAhead(undefined);
      left.push(asked.length);
    }
    assert.deepEqual(left, [3, 2, 4, 3]);
  });

  it('come one by one where there is a hole between them, or nothing in one', async () => {
    const { reads, answer } = begin();
    await answer(0, ['a']);
    await answer(10, ['k']);
    await answer(11, []);
    assert.deepEqual(
      reads.takeAnswers().map(({ batch }) => [batch.from, batch.count]),
      [
        [0, 1],
        [10, 1],
        [11, 0],
      ],
    );
  });
});
