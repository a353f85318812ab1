import assert from 'node:assert/strict';
import { parseManifest } from '../../../daemon/clusters/parseManifest.ts';
import {
  buildWorkloadWarnings,
  type WorkloadExpectation,
} from '../../../daemon/promotion/workloadWarnings.ts';

type Rendered = { readonly name?: string; readonly namespace?: string; readonly images?: readonly string[] };

function render({ name = 'web', namespace, images = ['example/web:v1.0.0'] }: Rendered = {}) {
  const containers = images.map((image, index) => ({ name: index === 0 ? 'web' : `side-${index}`, image }));
  return parseManifest(
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
      spec: { template: { spec: { containers } } },
    }),
  );
}

function describeFor(rendered: Rendered, values: Partial<WorkloadExpectation> = {}): readonly string[] {
  const workload = { kind: 'deployment', name: 'web' } as const;
  return buildWorkloadWarnings(
    {
      component: { name: 'web', workload, methods: ['helm'] },
      image: 'example/web:v1.0.0',
      namespace: 'shop',
      ...values,
    },
    render(rendered),
  );
}

const failsLate = /this promotion would end as failed after helm has changed the cluster/;

describe('what a plan warns of before helm changes the cluster', () => {
  it('L-14a is nothing where the chart sets the workload to the image that is expected', () => {
    assert.deepEqual(describeFor({}), []);
    assert.deepEqual(describeFor({ namespace: 'shop' }), []);
    assert.deepEqual(describeFor({ images: ['docker.io/example/web:v1.0.0'] }), []);
  });

  it('L-14a is a workload that the chart does not have, or has in another namespace', () => {
    const [lack = ''] = describeFor({ name: 'web2' });
    assert.match(lack, /^The chart has no deployment\/web: /);
    assert.match(lack, failsLate);
    const [elsewhere = ''] = describeFor({ namespace: 'other' });
    assert.match(elsewhere, /puts deployment\/web into the namespace other, and Slipway looks in shop: /);
    assert.match(elsewhere, failsLate);
  });

  it('L-14a is another image than the procedure expects', () => {
    const [sentence = ''] = describeFor({ images: ['example/proxy:7', 'example/web:v1.0.0'] });
    assert.match(
      sentence,
      /^The chart sets deployment\/web to example\/proxy:7, while slipway\.yaml expects example\/web:v1\.0\.0: /,
    );
    assert.match(sentence, failsLate);
  });

  it('L-14a is an image that no registry can have', () => {
    const image = 'example/web:release/2026.11';
    assert.deepEqual(describeFor({ images: [image] }, { image }), [
      `deployment/web would run ${image}: no registry can have an image of this name.`,
    ]);
    for (const possible of [
      'localhost:5000/team/web',
      'web',
      `web@sha256:${'0'.repeat(64)}`,
      'a.b/c_d/e--f:1_2',
    ]) {
      assert.deepEqual(describeFor({ images: [possible] }, { image: possible }), [], possible);
    }
    for (const impossible of ['Example', 'web:1.2.3+build5', 'web:', '/web', 'web:latest extra', '']) {
      assert.equal(describeFor({ images: [impossible] }, { image: impossible }).length, 1, impossible);
    }
  });

  it('L-14a says only that nothing is verified where the procedure names no image', () => {
    const workload = { kind: 'deployment', name: 'web' } as const;
    assert.deepEqual(
      buildWorkloadWarnings(
        { component: { name: 'web', workload, methods: ['helm'] }, namespace: 'shop' },
        render({ name: 'web2' }),
      ),
      ['The chart has no deployment/web: its rollout cannot be verified.'],
    );
  });
});
