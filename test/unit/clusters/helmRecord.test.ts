import assert from 'node:assert/strict';
import type { ClusterConnection } from '../../../daemon/clusters/clusterConnection.ts';
import { decodeHelmRecord, readHelmRecord } from '../../../daemon/clusters/helmRecord.ts';
import { groupHelmRows, parseHelmRow } from '../../../daemon/clusters/helmRevisions.ts';
import { findManifestImages, parseManifest } from '../../../daemon/clusters/parseManifest.ts';
import { readRecord } from './readRecord.ts';

type Secret = {
  readonly metadata: { readonly labels: Record<string, string> };
  readonly data: { readonly release: string };
};
const secret = readRecord<Secret>('helmSecret');

describe("a row of Helm's record", () => {
  it('L-13c is read from the metadata of its Secret, with the promotion that made it', () => {
    assert.deepEqual(parseHelmRow({ metadata: secret.metadata }), {
      revision: {
        release: 'kosmos',
        namespace: 'wk-clusters',
        revision: 1,
        status: 'deployed',
        changedAt: '2026-11-23T21:28:44.000Z',
        promotionId: 'p1',
        recordUid: '126fc88d-2695-45be-925d-888968e9bd51',
      },
      secret: {
        name: 'sh.helm.release.v1.kosmos.v1',
        uid: '126fc88d-2695-45be-925d-888968e9bd51',
        version: '2572',
      },
    });
  });

  it('is refused when it is no row', () => {
    const labels = { ...secret.metadata.labels, version: 'x' };
    assert.throws(() => parseHelmRow({ metadata: { ...secret.metadata, labels } }));
  });

  it('is grouped by release, the newest number first', () => {
    const build = (name: string, version: string) =>
      parseHelmRow({
        metadata: { ...secret.metadata, labels: { ...secret.metadata.labels, name, version } },
      });
    const groups = groupHelmRows([build('a', '9'), build('b', '1'), build('a', '10')]);
    assert.deepEqual(
      [...groups].map(([name, rows]) => [name, rows.map(row => row.revision.revision)]),
      [
        ['a', [10, 9]],
        ['b', [1]],
      ],
    );
  });
});

describe("Helm's record of a revision", () => {
  it('L-13b is decoded: chart, versions, values and manifest', async () => {
    const record = await decodeHelmRecord(secret.data.release);
    const { manifest, ...rest } = record;
    assert.deepEqual(rest, {
      release: 'kosmos',
      namespace: 'wk-clusters',
      revision: 1,
      status: 'deployed',
      description: 'Install complete',
      chart: 'kosmos',
      chartVersion: '1.2.3',
      appVersion: 'v2.0.0',
      values: {},
      hooks: [],
      applyMethod: 'ssa',
    });
    assert.deepEqual(findManifestImages(parseManifest(manifest)), {
      'deployment/agent-name': { agent: 'kosmos/agent:v2.0.0' },
    });
  });

  it('is refused when it is damaged', async () => {
    await assert.rejects(decodeHelmRecord(secret.data.release.slice(0, 400)));
  });

  it('is named with what to do when it is damaged, and nothing of it is repeated', async () => {
    for (const release of ['aHVudGVyMnNlY3JldA==', secret.data.release.slice(0, 400), '']) {
      const connection: Partial<ClusterConnection> = {
        send: async () => JSON.stringify({ data: { release } }),
      };
      const asking = { connection: connection as ClusterConnection };
      await assert.rejects(readHelmRecord(asking, 'shop', 'sh.helm.release.v1.shop.v9'), {
        code: 'toolFailed',
        message:
          "Helm's record sh.helm.release.v1.shop.v9 in namespace shop cannot be read: it is damaged, or of a helm that Slipway does not know.",
        next: /kubectl delete secret sh\.helm\.release\.v1\.shop\.v9 -n shop/,
      });
    }
  });
});
