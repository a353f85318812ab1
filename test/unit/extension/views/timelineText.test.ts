import assert from 'node:assert/strict';
import { buildTimelineText } from '../../../../extension/views/timelineText.ts';
import { aPromotion, someWords } from '../../../builders/views.ts';

const words = someWords();

describe('the timeline of a promotion', () => {
  it('has its state, who asked for it, each step with its times and its tool\u2019s end, and the events', () => {
    const promotion = aPromotion({
      state: 'failed',
      reason: 'It did not get ready.',
      endedAt: '2026-11-23T14:29:04.000Z',
      steps: [
        {
          id: 'upgrade',
          state: 'failed',
          attempt: 1,
          startedAt: '2026-11-23T14:28:02.000Z',
          endedAt: '2026-11-23T14:29:04.000Z',
          exit: { code: 1, reason: 'exited' },
        },
        { id: 'status', state: 'waiting', attempt: 0 },
      ],
    });
    const event = {
      sequence: 18,
      time: '2026-11-23T14:28:02.000Z',
      type: 'step.intended',
      version: 1,
      payload: { stepId: 'upgrade' },
      hash: '0'.repeat(64),
      previousHash: '0'.repeat(64),
    };
    const text = buildTimelineText(promotion, [event], words);
    assert.match(
      text,
      /^# v2\.1\.0 \u2192 staging: failed\n\nv2\.1\.0 to staging failed\. It did not get ready\./,
    );
    assert.match(text, /^- Requested by alice at 23 Nov 2026, 14:28:00$/m);
    assert.match(text, /^### 1\. helm upgrade kosmos: failed$/m);
    assert.match(text, /^- Ended at 23 Nov 2026, 14:29:04, after 1 min 2 s$/m);
    assert.match(text, /^- The tool ended: exit code 1$/m);
    assert.match(text, /^### 2\. helm status kosmos: not run$/m);
    assert.match(text, /^- 18\. 23 Nov 2026, 14:28:02 step\.intended upgrade$/m);
  });

  it('P-16p says why its events cannot be read, and what to do', () => {
    const failure = {
      code: 'disconnected',
      message: 'There is no connection to a daemon.',
      next: 'Wait a moment.',
      details: {},
    };
    const text = buildTimelineText(aPromotion(), failure, words);
    assert.match(
      text,
      /## Journal\n\nThe journal cannot be read: There is no connection to a daemon\. Wait a moment\.\n/,
    );
  });
});
