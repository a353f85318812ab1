import assert from 'node:assert/strict';
import { SlipwayError } from '../../../../daemon/protocol/errors.ts';
import type { LogPattern } from '../../../../daemon/protocol/log.ts';
import { findMatches } from '../../../../daemon/watching/logs/findMatches.ts';

const { signal } = new AbortController();
const expression = (text: string): LogPattern => ({ text, regex: true, matchCase: false });
const isInvalid = (error: unknown) => error instanceof SlipwayError && error.code === 'invalidPattern';

describe('the matches of a pattern', () => {
  it('are found in each text, with and without regard to case', async () => {
    const texts = ['a1 B22', '', 'c'];
    assert.deepEqual(await findMatches(expression('[A-B]\\d+'), texts, signal), [
      [
        { from: 0, to: 2 },
        { from: 3, to: 6 },
      ],
      [],
      [],
    ]);
    const plain = { text: 'B2', regex: false, matchCase: true };
    assert.deepEqual(await findMatches(plain, texts, signal), [[{ from: 3, to: 5 }], [], []]);
  });

  it('are none where nothing is what fits', async () => {
    assert.deepEqual(await findMatches(expression('x*'), ['axb'], signal), [[{ from: 1, to: 2 }]]);
  });

  it('are not more than anybody can tell apart', async () => {
    const [matches] = await findMatches(expression('.'), ['x'.repeat(16_000)], signal);
    assert.equal(matches?.length, 1_000);
  });

  it('P-07s are refused where the expression needs too long, and where it is none', async () => {
    const texts = ['aaa', `${'a'.repeat(40)}!`];
    const cpu = process.cpuUsage();
    await assert.rejects(findMatches(expression('^(a+)+$'), texts, signal), isInvalid);
    const { user } = process.cpuUsage(cpu);
    assert.ok(user < 1_000_000, `${user / 1000} ms`);
    await assert.rejects(findMatches(expression('('), texts, signal), isInvalid);
  });

  it('are looked for no further once nobody wants to know', async () => {
    const reason = new Error('enough');
    await assert.rejects(findMatches(expression('x'), ['x'], AbortSignal.abort(reason)), reason);
  });
});
