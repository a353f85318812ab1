import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { explainMissingKind } from '../../../daemon/promotion/explainMissingKind.ts';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import { findHelmProblem } from '../../../daemon/tools/helm/helmProblem.ts';

const definition = [
  'apiVersion: apiextensions.k8s.io/v1',
  'kind: CustomResourceDefinition',
  'metadata: {name: widgets.shop.example}',
  'spec: {group: shop.example, names: {kind: Widget, plural: widgets}, scope: Namespaced}',
  '',
].join('\n');

describe('a kind that the cluster does not know', () => {
  let checkout: string;
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'slipway-kinds-'));
    write('charts/shop/Chart.yaml', 'name: shop\n');
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  }

  function refuse(kind: string): SlipwayError {
    const problem = findHelmProblem(
      `Error: UPGRADE FAILED: resource mapping not found for name: "w" namespace: "" from "": no matches for kind "${kind}" in version "shop.example/v1"\nensure CRDs are installed first`,
    );
    assert.ok(problem);
    return new SlipwayError(problem.code, problem.sentence, {
      next: problem.next,
      details: { ...problem.details, problem: problem.kind },
    });
  }

  const explain = (error: unknown) => explainMissingKind(error, { checkout, chart: './charts/shop' });

  it('is one that the chart brings in crds/: how to install it first', async () => {
    write('charts/shop/crds/widgets.yaml', definition);
    const error = refuse('Widget');
    const explained = await explain(error);
    assert.ok(explained instanceof SlipwayError);
    assert.equal(explained.message, 'The cluster knows no Widget of shop.example/v1.');
    assert.equal(
      explained.next,
      'The chart brings its definition (CRD) in crds/, but a dry run does not install those: run "kubectl apply -f charts/shop/crds" in the cluster once, then plan again.',
    );
    assert.deepEqual([explained.code, explained.details], [error.code, error.details]);
  });

  it('is one that a chart below it brings: where', async () => {
    write('charts/shop/charts/widgets/crds/deep/widgets.yaml', definition);
    const explained = await explain(refuse('Widget'));
    assert.match(String((explained as SlipwayError).next), / -f charts\/shop\/charts\/widgets\/crds" /);
  });

  it('stays as it is where the chart brings none or another', async () => {
    const error = refuse('Widget');
    assert.equal(await explain(error), error);
    write('charts/shop/crds/gadgets.yaml', definition.replace('Widget', 'Gadget'));
    write('charts/shop/templates/widget.yaml', 'kind: Widget\n');
    assert.equal(await explain(error), error);
  });

  it('is not looked for after another error', async () => {
    write('charts/shop/crds/widgets.yaml', definition);
    for (const error of [new Error('no'), new SlipwayError('toolFailed', 'no')]) {
      assert.equal(await explain(error), error);
    }
  });
});
