import assert from 'node:assert/strict';
import {
  describeReference,
  findManifestImages,
  parseManifest,
  writeObject,
} from '../../../daemon/clusters/parseManifest.ts';

const manifest = `---
# Source: kosmos/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: agent-name}
spec:
  template:
    spec:
      containers:
        - {name: agent, image: "kosmos/agent:v2.0.0"}
        - {name: proxy, image: "envoy:1"}
---
# nothing but a comment
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: other}, data: {enabled: "yes"}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: two}}
`;

describe('a rendered manifest', () => {
  it('is taken apart into its objects, those of lists too', () => {
    const names = parseManifest(manifest).map(({ reference }) => describeReference(reference, 'kosmos'));
    assert.deepEqual(names, ['apps/v1/Deployment/agent-name', 'v1/ConfigMap/other/one', 'v1/ConfigMap/two']);
  });

  it('is read as Kubernetes reads YAML: yes is true, times and 12:30:45 are text, 0644 is octal', () => {
    const [parsed] = parseManifest(
      'apiVersion: v1\nkind: X\nmetadata: {name: x}\nspec: {a: yes, b: 2024-01-01, c: 12:30:45, d: 0644}\n',
    );
    assert.deepEqual(parsed?.object['spec'], { a: true, b: '2024-01-01', c: '12:30:45', d: 420 });
  });

  it('L-13b gives the images of its workloads', () => {
    assert.deepEqual(findManifestImages(parseManifest(manifest)), {
      'deployment/agent-name': { agent: 'kosmos/agent:v2.0.0', proxy: 'envoy:1' },
    });
  });

  it('is refused with the number of the document that is wrong', () => {
    assert.throws(() => parseManifest('a: [}'), /document 1 of the manifest/);
    assert.throws(
      () => parseManifest('---\napiVersion: v1\nkind: A\nmetadata: {name: a}\n---\nkind: B\n'),
      /document 2 of the manifest is no object of Kubernetes/,
    );
  });

  it('is empty for an empty text', () => {
    assert.deepEqual(parseManifest('---\n'), []);
  });
});

describe('an object as text', () => {
  it('is the same for the same content, with what names it first', () => {
    const text = writeObject({
      spec: { b: 1, a: [{ z: 1, name: 'n' }] },
      metadata: { labels: { b: '1', a: '2' }, name: 'x' },
      kind: 'K',
      apiVersion: 'v1',
    });
    assert.equal(
      text,
      [
        'apiVersion: v1',
        'kind: K',
        'metadata:',
        '  name: x',
        '  labels:',
        '    a: "2"',
        '    b: "1"',
        'spec:',
        '  a:',
        '    - name: n',
        '      z: 1',
        '  b: 1',
        '',
      ].join('\n'),
    );
  });
});
