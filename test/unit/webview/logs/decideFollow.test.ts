import assert from 'node:assert/strict';
import { decideFollow, type FollowEvent } from '../../../../webview/logs/reading/decideFollow.ts';

describe('following a log', () => {
  const ends: readonly FollowEvent[] = [
    { kind: 'wheel', up: true },
    { kind: 'key', key: 'PageUp' },
    { kind: 'key', key: 'ArrowUp' },
    { kind: 'key', key: 'Home' },
    { kind: 'grab' },
    { kind: 'select' },
    { kind: 'jump' },
    { kind: 'pause' },
  ];
  for (const event of ends) {
    it(`P-05g stops with ${JSON.stringify(event)}`, () => {
      assert.equal(decideFollow(true, event, true), false);
    });
  }

  it('P-05g goes on with everything else that a person does', () => {
    for (const event of [
      { kind: 'wheel', up: false },
      { kind: 'key', key: 'Tab' },
      { kind: 'key', key: 'ArrowDown' },
    ] as const) {
      assert.equal(decideFollow(true, event, false), true);
      assert.equal(decideFollow(true, event, true), true);
    }
  });

  it('P-05g resumes when it is asked for, from anywhere', () => {
    assert.equal(decideFollow(false, { kind: 'follow' }, false), true);
  });

  it('P-05g resumes when somebody comes back to the end, and not before', () => {
    for (const event of [
      { kind: 'wheel', up: false },
      { kind: 'key', key: 'PageDown' },
      { kind: 'release' },
    ] as const) {
      assert.equal(decideFollow(false, event, false), false);
      assert.equal(decideFollow(false, event, true), true);
    }
  });
});
