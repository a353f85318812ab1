import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  buildReadableColor,
  parseColor,
  type Rgb,
  readContrast,
} from '../../../../webview/shared/readableColor.ts';

const channel = fc.integer({ min: 0, max: 255 });
const color: fc.Arbitrary<Rgb> = fc.tuple(channel, channel, channel);

describe('a colour on a ground', () => {
  it('is parsed from what themes write', () => {
    assert.deepEqual(parseColor('#f80'), [255, 136, 0]);
    assert.deepEqual(parseColor('#ff8800'), [255, 136, 0]);
    assert.deepEqual(parseColor(' #ff880080'), [255, 136, 0]);
    assert.deepEqual(parseColor('rgba(1, 2, 3, 0.4)'), [1, 2, 3]);
    assert.equal(parseColor('color-mix(in srgb, red, blue)'), undefined);
    assert.equal(parseColor(''), undefined);
  });

  it('has the contrast that WCAG reckons', () => {
    assert.equal(readContrast([0, 0, 0], [255, 255, 255]), 21);
    assert.ok(Math.abs(readContrast([119, 119, 119], [255, 255, 255]) - 4.48) < 0.01);
  });

  it('P-05j can be read on every ground', () => {
    fc.assert(
      fc.property(color, color, (one, ground) => {
        assert.ok(readContrast(buildReadableColor(one, ground, 4.5), ground) >= 4.5);
      }),
    );
  });

  it('stays as it is where it can be read', () => {
    assert.deepEqual(buildReadableColor([0, 0, 128], [255, 255, 255], 4.5), [0, 0, 128]);
  });
});
