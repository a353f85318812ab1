import assert from 'node:assert/strict';
import type { ObjectChange } from '../../../daemon/model/plan.ts';
import { describeRefused } from '../../../daemon/promotion/describeRefused.ts';

const build = (object: string, ...conflicts: string[]): ObjectChange => ({
  object,
  change: conflicts.length > 0 ? 'error' : 'create',
  conflicts,
});

describe('what the API server does not take', () => {
  it('is named object by object', () => {
    assert.deepEqual(
      describeRefused([build('v1/Service/shop', 'exceeded quota: tight'), build('v1/ConfigMap/shop')]),
      ['v1/Service/shop: exceeded quota: tight'],
    );
  });

  it('L-14i is the namespace alone, once, where that is not there', () => {
    const said = (path: string) =>
      `The cluster of context "test" refused PATCH ${path}: namespaces "shop-test" not found`;
    assert.deepEqual(
      describeRefused([
        build('apps/v1/Deployment/shop', said('/apis/apps/v1/namespaces/shop-test/deployments/shop')),
        build('v1/Service/shop', said('/api/v1/namespaces/shop-test/services/shop')),
      ]),
      [
        'The namespace shop-test does not exist in this cluster, so helm would fail: make it first ("kubectl create ' +
          'namespace shop-test"), or correct cluster.namespace of the environment in slipway.yaml.',
      ],
    );
  });
});
