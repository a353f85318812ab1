import assert from 'node:assert/strict';
import type { Release } from '../../../daemon/sources/releases/listReleases.ts';
import type { PromotionSummary } from '../../../daemon/store/promotions.ts';
import { buildReleaseViews, findReleases, pickShownReleases } from '../../../daemon/watching/releaseViews.ts';
import { anEnvironment, aRunning } from '../../builders/views.ts';

const release = (number: number, values: Partial<Release> = {}): Release => ({
  version: `v1.${number}.0`,
  tag: `v1.${number}.0`,
  commit: number.toString(16).padStart(40, '0'),
  author: number % 2 === 0 ? 'Alice Adler' : 'Bob Brandt',
  date: '2026-11-20T09:00:00.000Z',
  subject: number === 7 ? 'Answer faster' : 'Fix a bug',
  origin: 'both',
  ...values,
});

/** 5,000 releases, newest first. */
const releases = Array.from({ length: 5000 }, (_, index) => release(5000 - index));

describe('the releases of a view', () => {
  it('L-12f are the newest of thousands, those that run somewhere, and those that were moved', () => {
    const running = [aRunning({ version: 'v1.17.0' })];
    const moved = releases.map(one =>
      one.version === 'v1.400.0' ? { ...one, movedFrom: 'b'.repeat(40) } : one,
    );
    const shown = pickShownReleases(moved, [anEnvironment({ running })]);
    assert.equal(shown.length, 52);
    assert.deepEqual(
      shown.slice(48).map(({ version }) => version),
      ['v1.4952.0', 'v1.4951.0', 'v1.400.0', 'v1.17.0'],
    );
  });

  it('L-12f stay few when a rewritten history has moved every tag', () => {
    const moved = releases.map(one => ({ ...one, movedFrom: 'b'.repeat(40) }));
    assert.ok(pickShownReleases(moved, []).length <= 70);
  });

  it('L-12f are found by every word of a text, in version, subject, author or commit', () => {
    const find = (text: string) => findReleases(releases, text).map(({ version }) => version);
    assert.deepEqual(find('bob FASTER'), ['v1.7.0']);
    assert.deepEqual(find('v1.4999.'), ['v1.4999.0']);
    assert.equal(find('0'.repeat(39)).length, 15);
    assert.deepEqual(find('alice faster'), []);
    assert.equal(find('  ').length, 5000);
  });

  it('say how far each has got: what runs, else how the last promotion ended', () => {
    const summary = (state: PromotionSummary['state'], releaseVersion: string, endedAt: string) =>
      ({ environment: 'staging', state, releaseVersion, endedAt }) as PromotionSummary;
    const views = buildReleaseViews({
      releases: [release(3), release(2), release(1)],
      environments: [anEnvironment({ name: 'staging', running: [aRunning({ version: 'v1.3.0' })] })],
      summaries: [
        summary('failed', 'v1.3.0', '2026-11-04'),
        summary('cancelled', 'v1.2.0', '2026-11-03'),
        summary('failed', 'v1.2.0', '2026-11-02'),
        summary('succeeded', 'v1.2.0', '2026-11-01'),
      ],
    });
    assert.deepEqual(
      views.map(({ reach }) => reach[0]?.state),
      ['running', 'failed', 'none'],
    );
    assert.equal(views[1]?.reach[0]?.at, '2026-11-02');
  });
});
