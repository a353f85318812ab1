import assert from 'node:assert/strict';
import { buildActivityItems } from '../../../../extension/views/activityItems.ts';
import { buildReleaseItems } from '../../../../extension/views/releaseItems.ts';
import type { ViewItem } from '../../../../extension/views/viewItem.ts';
import { findItem, flattenItems } from '../../../builders/viewItems.ts';
import {
  aCause,
  anEnvironment,
  anOpenState,
  aPod,
  aPromotion,
  aRelease,
  aRepository,
  aRunning,
  aWorkload,
  someWords,
} from '../../../builders/views.ts';

const words = someWords();

function build(...values: Parameters<typeof anOpenState>): readonly ViewItem[] {
  return buildReleaseItems(anOpenState(...values), words);
}

describe('the rows of the trees', () => {
  it('P-16e say in their tooltip what a narrow view cuts off', () => {
    const reach = [{ environment: 'development', state: 'running' as const }];
    const items = build(aRepository({ releases: [aRelease({ reach })], promotions: [aPromotion()] }));
    const isTime = (word: string) => /^\d\d:\d\d$/.test(word);
    for (const { label, description = '', tooltip = '' } of flattenItems(items)) {
      const cutOff = description.split(/[\s\u00b7,]+/).filter(word => word !== 'by' && !isTime(word));
      assert.deepEqual(
        cutOff.filter(word => !tooltip.toLowerCase().includes(word.toLowerCase())),
        [],
        `${label}: ${tooltip}`,
      );
    }
  });

  it('P-16k are spoken with everything that is written in them', () => {
    const reach = [{ environment: 'staging', state: 'failed' as const }];
    const releases = [aRelease({ reach, movedFrom: 'a'.repeat(40) })];
    const environments = [
      anEnvironment({
        causes: [aCause()],
        running: [aRunning({ helmVersion: 'v1.9.0', outsideSlipway: true })],
        workloads: [aWorkload({ pods: [aPod(), aPod({ uid: 'pod-2', current: false })] })],
      }),
    ];
    const items = build(aRepository({ releases, environments, promotions: [aPromotion()] }));
    for (const { description = '', accessibilityLabel } of flattenItems(items)) {
      const unsaid = description.split(/ \u00b7 |, /).filter(part => !accessibilityLabel.includes(part));
      assert.deepEqual(unsaid, [], accessibilityLabel);
    }
  });

  it('P-16l say of a moved tag where it was, and what to do, and a click does it', () => {
    const moved = aRelease({ movedFrom: 'a'.repeat(40) });
    const alarm = findItem(build(aRepository({ releases: [moved] })), 'The tag v2.1.0 was moved');
    assert.match(alarm.tooltip ?? '', /pointed to aaaaaaa before and points to ccccccc now/);
    assert.match(alarm.tooltip ?? '', /Find out who moved the tag/);
    assert.equal(alarm.click, 'slipway.acceptMovedTag');
    assert.equal(alarm.target.release, 'v2.1.0');
  });

  it('P-16f are spoken without the points between their parts', () => {
    const spoken = flattenItems(build()).map(({ accessibilityLabel }) => accessibilityLabel);
    assert.deepEqual(
      spoken.filter(text => text.includes('\u00b7')),
      [],
    );
    assert.ok(
      spoken.some(text => /^agent, v2\.0\.0, since 14:02$/.test(text)),
      spoken.join('\n'),
    );
  });

  it('P-16g say once why a cluster is away, also where its health is unknown for that', () => {
    const reason = 'The API server does not answer.';
    const connection = { state: 'stale', reason, staleSince: '2026-11-23T14:20:00.000Z' } as const;
    const environments = [anEnvironment({ connection, health: 'unknown', healthReason: reason })];
    const { tooltip = '' } = findItem(build(aRepository({ environments })), 'staging');
    assert.equal(tooltip.split(reason).length, 2, tooltip);
  });

  it('P-16h say of a step that was still to come when its promotion ended that it was not run', () => {
    const rows = (state: 'running' | 'failed' | 'cancelled' | 'needsPerson') =>
      findItem(build(aRepository({ promotions: [aPromotion({ state })] })), 'helm status kosmos');
    assert.equal(rows('running').description, 'waiting');
    for (const state of ['failed', 'cancelled', 'needsPerson'] as const) {
      const title = 'v2.1.0 \u2192 staging';
      const [promotion] = buildActivityItems(
        anOpenState(aRepository({ promotions: [aPromotion({ state })] })),
        words,
      );
      assert.equal(promotion?.label, title);
      assert.equal(promotion.children[1]?.accessibilityLabel, 'Step helm status kosmos, not run', state);
    }
  });
});
