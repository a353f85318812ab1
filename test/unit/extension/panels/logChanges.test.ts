import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { LogChanges } from '../../../../extension/panels/logChanges.ts';
import type { ToLogPage } from '../../../../webview/protocol/logMessages.ts';
import { buildView } from '../../../builders/generatedLog.ts';

const view = buildView({ total: 10, sources: [] });

describe('what a page hears of changes of its log', () => {
  const heard: ToLogPage[] = [];
  const totals = () => heard.map(message => (message.type === 'changed' ? message.log.total : undefined));
  let changes: LogChanges;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    heard.length = 0;
    changes = new LogChanges(message => heard.push(message));
    changes.take({ log: view });
  });
  afterEach(() => {
    changes.dispose();
    mock.timers.reset();
  });

  it('is a few times a second that there are more lines, and in the end how many', () => {
    for (const total of [11, 12, 13]) {
      changes.take({ log: { ...view, total, bytes: total } });
    }
    const atOnce = totals();
    assert.ok(atOnce.length <= 2, `${atOnce}`);
    mock.timers.tick(250);
    assert.equal(totals().at(-1), 13);
    assert.ok(totals().length <= 3, `${totals()}`);
  });

  it('is anything else at once, with the newest numbers', () => {
    changes.take({ log: { ...view, total: 11 } });
    changes.take({ log: { ...view, total: 12 } });
    changes.take({ log: { ...view, total: 13, state: 'reconnecting', reason: 'no answer' } });
    assert.equal(totals().at(-1), 13);
  });
});
