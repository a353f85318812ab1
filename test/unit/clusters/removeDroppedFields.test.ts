import assert from 'node:assert/strict';
import { removeDroppedFields } from '../../../daemon/clusters/removeDroppedFields.ts';

describe('fields that a manifest drops', () => {
  it('L-14f are removed, and what others wrote stays', () => {
    const result = removeDroppedFields({
      before: { labels: { a: '1', b: '2' }, spec: { replicas: 2 } },
      next: { labels: { a: '1' }, spec: {} },
      applied: { labels: { a: '1', b: '2', theirs: 'x' }, spec: { replicas: 2, paused: false } },
    });
    assert.deepEqual(result, { labels: { a: '1', theirs: 'x' }, spec: { paused: false } });
  });

  it('L-14f are found in lists by name, by path and by port with protocol', () => {
    const result = removeDroppedFields({
      before: {
        env: [{ name: 'A', value: '1' }, { name: 'B' }],
        mounts: [{ mountPath: '/a', readOnly: true }, { mountPath: '/b' }],
        ports: [{ port: 53 }, { port: 53, protocol: 'UDP' }],
      },
      next: { env: [{ name: 'A' }], mounts: [{ mountPath: '/a' }], ports: [{ port: 53 }] },
      applied: {
        env: [{ name: 'A', value: '1' }, { name: 'B' }, { name: 'INJECTED' }],
        mounts: [{ mountPath: '/a', readOnly: true }, { mountPath: '/b' }],
        ports: [
          { port: 53, protocol: 'TCP' },
          { port: 53, protocol: 'UDP' },
        ],
      },
    });
    assert.deepEqual(result, {
      env: [{ name: 'A' }, { name: 'INJECTED' }],
      mounts: [{ mountPath: '/a' }],
      ports: [{ port: 53, protocol: 'TCP' }],
    });
  });

  it('leaves lists alone that are replaced as a whole', () => {
    const result = removeDroppedFields({ before: ['a', 'b'], next: ['a'], applied: ['a'] });
    assert.deepEqual(result, ['a']);
  });
});
