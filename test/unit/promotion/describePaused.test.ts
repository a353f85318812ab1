import assert from 'node:assert/strict';
import type { KubernetesObject } from '../../../daemon/clusters/requests.ts';
import { describePaused } from '../../../daemon/promotion/describePaused.ts';

function buildDeployment(image: string, paused: boolean): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { uid: 'u1', name: 'shop', creationTimestamp: '2026-11-26T15:00:00Z', generation: 1 },
    spec: {
      replicas: 1,
      paused,
      selector: {},
      template: { metadata: {}, spec: { containers: [{ name: 'shop', image }] } },
    },
    status: {},
  };
}

describe('a Deployment that is paused', () => {
  const live = buildDeployment('shop:1', true);

  it('is told of when it gets a new template', () => {
    const objects = { live, applied: buildDeployment('shop:2', true) };
    assert.deepEqual(describePaused([{}, { objects }], 'test'), [
      'deployment/shop is paused: none of its pods would be replaced, and this promotion would wait for that until its ' +
        'time is up. "kubectl rollout resume deployment/shop -n test" lets it go on.',
    ]);
  });

  it("is nobody's concern when its template stays, or when the chart lets it go on", () => {
    assert.deepEqual(describePaused([{ objects: { live, applied: live } }], 'test'), []);
    const resumed = { live, applied: buildDeployment('shop:2', false) };
    assert.deepEqual(describePaused([{ objects: resumed }], 'test'), []);
  });
});
