import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildReleaseDigest, type ReleaseFacts } from '../../../daemon/model/digests/releaseDigest.ts';

const facts: ReleaseFacts = {
  commit: 'a'.repeat(40),
  images: [
    { name: 'kosmos/agent', tag: 'v2.1.0', digest: 'unverified' },
    { name: 'kosmos/web', tag: 'v2.1.0', digest: 'unverified' },
  ],
  charts: [{ path: 'charts/kosmos', tree: 'b'.repeat(40) }],
  migrations: 'c'.repeat(40),
};

describe('the release digest', () => {
  it('changes with the commit, an image, its tag, its digest, the chart and the migrations', () => {
    const image = { name: 'kosmos/agent', tag: 'v2.1.0', digest: 'unverified' };
    const others: readonly ReleaseFacts[] = [
      { ...facts, commit: 'd'.repeat(40) },
      { ...facts, images: [image] },
      { ...facts, images: [{ ...image, name: 'kosmos/other' }, ...facts.images.slice(1)] },
      { ...facts, images: [{ ...image, tag: 'v2.1.1' }, ...facts.images.slice(1)] },
      { ...facts, images: [{ ...image, digest: `sha256:${'e'.repeat(64)}` }, ...facts.images.slice(1)] },
      { ...facts, charts: [{ path: 'charts/kosmos', tree: 'missing' }] },
      { ...facts, charts: [{ path: 'charts/other', tree: 'b'.repeat(40) }] },
      { ...facts, charts: [] },
      { ...facts, migrations: 'missing' },
      withoutMigrations(facts),
    ];
    const digests = new Set([facts, ...others].map(buildReleaseDigest));
    assert.equal(digests.size, others.length + 1);
  });

  it('does not depend on the order of images and charts', () => {
    const images = fc.shuffledSubarray([...facts.images], { minLength: facts.images.length });
    fc.assert(
      fc.property(images, shuffled => {
        assert.equal(buildReleaseDigest({ ...facts, images: shuffled }), buildReleaseDigest(facts));
      }),
    );
  });

  it('takes nothing but the facts that it names', () => {
    const more = { ...facts, images: facts.images.map(image => ({ ...image, seenAt: 'today' })) };
    assert.equal(buildReleaseDigest(more), buildReleaseDigest(facts));
  });
});

function withoutMigrations({ migrations: _, ...rest }: ReleaseFacts): ReleaseFacts {
  return rest;
}
