import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sortReleases } from '../../../daemon/sources/releases/sortReleases.ts';

const release = (version: string, date = '2026-01-01T00:00:00.000Z') => ({ version, date });

describe('the order of releases', () => {
  it('is by version, newest first, as semver.org says', () => {
    const ordered = [
      'v10.0.0',
      'v2.10.0',
      'v2.9.1',
      'v2.9.0',
      'v2.9.0-rc.11',
      'v2.9.0-rc.2',
      'v2.9.0-beta',
      'v2.9.0-alpha.beta',
      'v2.9.0-alpha.1',
      'v2.9.0-alpha',
      'v1.0',
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(ordered, { minLength: ordered.length }), shuffled => {
        assert.deepEqual(
          sortReleases(shuffled.map(version => release(version))).map(({ version }) => version),
          ordered,
        );
      }),
    );
  });

  it('is by date for what is no version, after all versions', () => {
    const sorted = sortReleases([
      release('nightly', '2026-03-01T00:00:00.000Z'),
      release('v1.0.0'),
      release('weekly', '2026-04-01T00:00:00.000Z'),
    ]);
    assert.deepEqual(
      sorted.map(({ version }) => version),
      ['v1.0.0', 'weekly', 'nightly'],
    );
  });

  it('reads a version behind a prefix, and numbers of any length', () => {
    const sorted = sortReleases(
      ['kosmos-v1.9.0', 'v3', 'kosmos-v1.10.0', 'v99999999999999999999.0.0', 'v2'].map(version =>
        release(version),
      ),
    );
    assert.deepEqual(
      sorted.map(({ version }) => version),
      ['v99999999999999999999.0.0', 'v3', 'v2', 'kosmos-v1.10.0', 'kosmos-v1.9.0'],
    );
  });

  it('does not depend on the order before, for any names', () => {
    const name = fc.stringMatching(/^v?[0-9]{1,2}(\.[0-9a-z-]{1,4}){0,3}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), names => {
        const releases = names.map(version => release(version));
        assert.deepEqual(sortReleases(releases), sortReleases(releases.toReversed()));
      }),
    );
  });
});
