import assert from 'node:assert/strict';
import { isolateText } from '../../../extension/isolateText.ts';
import { someWords } from '../../builders/views.ts';

describe('times as people read them', () => {
  const { time } = someWords();

  it('are the clock alone today, and have the day in front on any other', () => {
    assert.equal(time('2026-11-23T14:02:00.000Z'), '14:02');
    assert.equal(time('2026-11-06T07:58:00.000Z'), '6 Nov 07:58');
  });

  it('P-16a have the year, too, when that is another one', () => {
    assert.equal(time('2024-09-08T08:30:00.000Z'), '8 Sept 2024 08:30');
    assert.equal(time('2025-12-31T23:59:00.000Z'), '31 Dec 2025 23:59');
  });
});

describe('a sentence of the daemon', () => {
  it('P-16n says a time as people read it', () => {
    const { said } = someWords();
    assert.equal(
      said('bob has been promoting v2.0.0 to staging since 2026-11-23T14:02:07.123Z.'),
      'bob has been promoting v2.0.0 to staging since 14:02.',
    );
    assert.equal(
      said('Revision 2 is pending since 2026-11-20T09:00:00Z.'),
      'Revision 2 is pending since 20 Nov 09:00.',
    );
    assert.equal(said('The daemon is starting.'), 'The daemon is starting.');
  });
});

describe('a text of somebody in a row of ours', () => {
  it('P-16b is isolated where it is written from right to left, so that it moves nothing beside it', () => {
    assert.equal(
      isolateText('\u05d3\u05e0\u05d4 \u05db\u05d4\u05df'),
      '\u2068\u05d3\u05e0\u05d4 \u05db\u05d4\u05df\u2069',
    );
    assert.equal(
      isolateText('Fix \u0645\u0631\u062d\u0628\u0627'),
      '\u2068Fix \u0645\u0631\u062d\u0628\u0627\u2069',
    );
  });

  it('stays as it is otherwise', () => {
    for (const text of ['Alice Adler', 'J\u00fcrgen \ud83d\ude80', '\u674e\u96f7', '']) {
      assert.equal(isolateText(text), text);
    }
  });
});
