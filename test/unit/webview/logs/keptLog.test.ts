import assert from 'node:assert/strict';
import { buildFilter, buildKept, decideContainers } from '../../../../webview/logs/keptLog.ts';
import { type LogWords, logWordKeys } from '../../../../webview/protocol/logWords.ts';
import { buildView, twoPods } from '../../../builders/generatedLog.ts';

const words = Object.fromEntries(logWordKeys.map(key => [key, key])) as LogWords;
const opened = {
  type: 'opened',
  log: buildView({ containers: ['agent', 'proxy'] }),
  range: { previous: false, tailLines: 1000 },
  settings: { timestamps: true, wrap: false },
  words,
} as const;

describe('what is kept of a log', () => {
  it('begins with what the settings say, at the end of the log', () => {
    const kept = buildKept({ ...opened, settings: { timestamps: false, wrap: true } }, undefined);
    assert.deepEqual([kept.timestamps, kept.wrap, kept.readable, kept.following], [false, true, true, true]);
  });

  it('P-05o is the place in the same log, and not in another', () => {
    const kept = { ...buildKept(opened, undefined), following: false, sequence: 4711, timestamps: false };
    const same = buildKept(opened, kept);
    assert.deepEqual([same.following, same.sequence, same.timestamps], [false, 4711, false]);
    const other = buildKept({ ...opened, log: buildView({ logId: 'log-2' }) }, kept);
    assert.deepEqual([other.following, other.sequence, other.timestamps], [true, 0, false]);
  });

  it('P-05i asks for a filter only where something is left out', () => {
    const kept = buildKept(opened, undefined);
    assert.equal(buildFilter(kept, undefined), undefined);
    const include = { text: 'x', regex: true, matchCase: false };
    assert.deepEqual(buildFilter({ ...kept, include, severity: 'error' }, [1]), {
      include: { ...include, readable: true },
      severity: 'error',
      sources: [1],
    });
  });

  it('P-05d opens the log anew for fewer containers only where some of them could not be followed', () => {
    const kept = { ...buildKept(opened, undefined), hiddenContainers: ['proxy'] };
    assert.equal(decideContainers(opened.log, kept), undefined);
    const sources = twoPods.map(source => ({ ...source, state: 'failed' as const }));
    const limited = { ...opened.log, sources };
    assert.deepEqual(decideContainers(limited, kept), ['agent']);
    assert.equal(decideContainers(limited, { ...kept, hiddenContainers: [] }), undefined);
    const chosen = { ...kept, range: { ...kept.range, containers: ['agent'] } };
    assert.equal(decideContainers(opened.log, chosen), undefined);
    assert.deepEqual(decideContainers(opened.log, { ...chosen, hiddenContainers: [] }), ['agent', 'proxy']);
  });
});
