import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErrorCode, SlipwayError } from '../../daemon/protocol/errors.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** A matcher for `assert.rejects`. */
function refused(code: ErrorCode, pattern: RegExp) {
  return (error: unknown) =>
    error instanceof SlipwayError && error.code === code && pattern.test(`${error.message} ${error.next}`);
}

describe('a plan that cannot be made', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('install');
    await bed.open();
  });
  after(async () => bed?.dispose());

  /** Makes a tag on a commit of its own, beside main. */
  async function release(tag: string, change: () => Promise<unknown>): Promise<void> {
    await bed.git('checkout', '--quiet', '--detach');
    await change();
    await bed.git('commit', '--quiet', '--all', '--message', `Release ${tag}`);
    await bed.git('tag', '--annotate', '--message', tag, tag);
    await bed.git('push', '--quiet', 'origin', tag);
    await bed.git('checkout', '--quiet', 'main');
  }

  it('P-09h P-09i names the chart that a release does not have, and that it is older', async () => {
    await release('v1.0.0', () => bed.git('rm', '-r', '--quiet', 'charts'));
    await assert.rejects(
      bed.plan('development', 'v1.0.0'),
      refused(
        'chartMissing',
        /v1\.0\.0 has no folder \.\/charts\/kosmos\. origin\/main has it, so v1\.0\.0 is older than the chart/,
      ),
    );
  });

  it('P-09j names the values file that a release does not have', async () => {
    await release('v1.0.1', () => bed.git('rm', '--quiet', 'values-development.yaml'));
    await assert.rejects(
      bed.plan('development', 'v1.0.1'),
      refused(
        'valuesMissing',
        /v1\.0\.1 has no file values-development\.yaml\. Check the values files .*it has values-production\.yaml/,
      ),
    );
  });

  it('repeats what helm says of a chart that cannot be rendered', async () => {
    await bed.changeProcedure(text => text.replace("        set: {image.tag: '{version}'}\n", ''));
    await assert.rejects(
      bed.plan('development', 'v2.0.0'),
      refused('toolFailed', /The chart cannot be rendered .*deployment\.yaml.*image\.tag is needed/),
    );
    await bed.changeProcedure(text =>
      text.replace('        timeout: 10m\n', "        set: {image.tag: '{version}'}\n        timeout: 10m\n"),
    );
  });

  it('says how to install a definition that the chart itself brings', async () => {
    await release('v1.0.2', async () => {
      const chart = join(bed.repositoryFolder, 'charts/kosmos');
      await mkdir(join(chart, 'crds'));
      await writeFile(
        join(chart, 'crds/widgets.yaml'),
        'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.shop.example}\n' +
          'spec:\n  group: shop.example\n  names: {kind: Widget, plural: widgets}\n  scope: Namespaced\n  versions:\n' +
          '    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}\n',
      );
      await writeFile(
        join(chart, 'templates/widget.yaml'),
        'apiVersion: shop.example/v1\nkind: Widget\nmetadata: {name: first}\n',
      );
      await bed.git('add', '--all');
    });
    await assert.rejects(
      bed.plan('development', 'v1.0.2'),
      refused(
        'toolFailed',
        /knows no Widget of shop\.example\/v1.*kubectl apply -f charts\/kosmos\/crds" in the cluster once/,
      ),
    );
  });

  it('L-14i says that install: true is missing where the namespace is empty', async () => {
    await bed.changeProcedure(text => text.replace('        install: true\n', ''));
    await assert.rejects(
      bed.plan('development', 'v2.0.0'),
      refused(
        'chartMissing',
        /no release kosmos in development, and slipway\.yaml does not say install: true\. Add install: true/,
      ),
    );
    assert.deepEqual(await bed.history('development'), []);
  });

  it('L-08f P-09k names the line where something in slipway.yaml would pass for an option', async () => {
    const lines: readonly [string, string][] = [
      ['release: kosmos', 'release: --post-renderer=evil'],
      ['chart: ./charts/kosmos', "chart: '--repo=https://evil.example'"],
      ["values: ['values-{environment}.yaml']", "values: ['--set-file=a=/etc/passwd']"],
    ];
    for (const [before, after] of lines) {
      await bed.changeProcedure(text => text.replace(before, after));
      await assert.rejects(
        bed.plan('development', 'v2.0.0'),
        refused('policyUnavailable', /slipway\.yaml of origin\/main has an error; line \d+: .*begin/),
      );
      await bed.changeProcedure(text => text.replace(after, before));
    }
  });
});
