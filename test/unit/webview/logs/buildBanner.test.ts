import assert from 'node:assert/strict';
import { buildLogWords } from '../../../../extension/panels/buildLogWords.ts';
import { fillIn } from '../../../../extension/words.ts';
import { buildBanner } from '../../../../webview/logs/frame/buildBanner.ts';
import { buildView, twoPods } from '../../../builders/generatedLog.ts';

const words = buildLogWords(fillIn);
const reason = 'Container agent has not been restarted.';
const ended = { state: 'ended', total: 0 } as const;
const withReasons = (...reasons: readonly (string | undefined)[]) =>
  twoPods.map((source, index) => {
    const own = reasons[index];
    return own === undefined ? source : { ...source, reason: own };
  });

describe('what stands above a log', () => {
  it('P-05e is why there are no lines, where it is the same for every container', () => {
    const log = buildView({ ...ended, sources: withReasons(reason, reason) });
    assert.equal(buildBanner(log, '', words), `${words.ended}: ${reason}`);
  });

  it('P-05e is how the log stands, where the reasons differ or there are lines', () => {
    const mixed = buildView({ ...ended, sources: withReasons(reason, 'No right.') });
    assert.equal(buildBanner(mixed, '', words), words.ended);
    const full = buildView({ ...ended, total: 3, sources: withReasons(reason, reason) });
    assert.equal(buildBanner(full, '', words), words.ended);
  });

  it('is what is in the way before anything else', () => {
    assert.equal(buildBanner(buildView(ended), 'No connection.', words), 'No connection.');
  });
});
