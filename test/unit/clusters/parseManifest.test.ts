import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  describeReference,
  findManifestImages,
  parseManifest,
  writeObject,
} from '../../../daemon/clusters/parseManifest.ts';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';

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

  const read = (data: string) =>
    parseManifest(`apiVersion: v1\nkind: X\nmetadata: {name: x}\n${data}`)[0]?.object['data'];

  it('L-14d is read where the same key comes twice: the last one holds, as for helm', () => {
    assert.deepEqual(read('data: {app: one, app: two}\n'), { app: 'two' });
    assert.deepEqual(read('data:\n  app: one\n  app: two\n'), { app: 'two' });
  });

  it('L-14d is read where a namespace has no value', () => {
    const [parsed] = parseManifest('apiVersion: v1\nkind: X\nmetadata:\n  name: x\n  namespace:\n');
    assert.deepEqual(parsed?.reference, { apiVersion: 'v1', kind: 'X', name: 'x' });
  });

  it('L-14d is read where an anchor is used often, but not where few lines become very many', () => {
    const uses = Array.from({ length: 150 }, () => '*one').join(', ');
    assert.equal((read(`data: {base: &one {a: 1}, all: [${uses}]}\n`) as { all: object[] }).all.length, 150);
    const levels = Array.from({ length: 9 }, (_, index) => {
      const aliases = Array.from({ length: 10 }, () => `*a${index}`).join(', ');
      return `  a${index + 1}: &a${index + 1} [${aliases}]\n`;
    });
    assert.throws(() => read(`data:\n  a0: &a0 x\n${levels.join('')}`), /Excessive alias count/);
  });

  it('L-14d is read where quoted texts and flow collections go on at any column', () => {
    assert.deepEqual(read("data:\n  a: \"one\ntwo\n\nthree \\\" {\"\n  b: 'it''s\ntwo'\n  c: 1\n"), {
      a: 'one two\nthree " {',
      b: "it's two",
      c: 1,
    });
    assert.deepEqual(read('data:\n  a: {\n  b: c,\n  d: [\n1,\n2\n]\n  }\n  e: "x"#comment\n  f: [\n  ]\n'), {
      a: { b: 'c', d: [1, 2] },
      e: 'x',
      f: [],
    });
  });

  it('L-14d is read or refused within a second or two, however many lines are at any column', () => {
    const write = (lines: number) => `data:\n  all: [\n${'1,\n'.repeat(lines)}]\n`;
    assert.equal((read(write(500)) as { all: number[] }).all.length, 500);
    const start = performance.now();
    assert.throws(() => read(write(50_000)), SlipwayError);
    assert.ok(performance.now() - start < 10_000);
  });

  it('L-14d is read where texts are written as binary', () => {
    assert.deepEqual(read('data: {a: !!binary aGVsbG8=}\n'), { a: 'hello' });
  });

  it('L-14d is read where a name is left to the API server, and where a list has no items', () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata: {generateName: job-}\n---\napiVersion: v1\nkind: PodList\nitems:\n';
    assert.deepEqual(
      parseManifest(text).map(({ reference }) => describeReference(reference, 'kosmos')),
      ['v1/Pod/job-*'],
    );
  });

  const refused = (name: string, why: RegExp) => (error: unknown) =>
    error instanceof SlipwayError &&
    error.code === 'toolFailed' &&
    error.details['template'] === name &&
    error.message.startsWith(`What helm rendered cannot be read: ${name}: `) &&
    why.test(error.message) &&
    /template/.test(error.next);

  it('L-07e is refused with the template that is wrong, or the number of the document', () => {
    const good = '---\n# Source: web/templates/good.yaml\napiVersion: v1\nkind: A\nmetadata: {name: a}\n';
    const wrong = '---\n# Source: web/templates/wrong.yaml\n';
    const template = 'web/templates/wrong.yaml';
    assert.throws(() => parseManifest(`${good}${wrong}kind: B\n`), refused(template, /no object of Kubern/));
    assert.throws(
      () => parseManifest(`${good}${wrong}a: [}\n${good}`),
      refused(template, /Flow sequence .*, line 3\.$/),
    );
    assert.throws(() => parseManifest(`${good}${wrong}a: "b\n${good}`), refused(template, /closing "quote/));
    assert.throws(() => parseManifest(`${good}${wrong}a: *b\n`), refused(template, /Unresolved alias/));
    assert.throws(
      () => parseManifest('---\napiVersion: v1\nkind: A\nmetadata: {name: a}\n---\nkind: B\n'),
      refused('document 2 of the manifest', /no object of Kubernetes/),
    );
  });

  it('L-14g is refused without a word of its text, which may be a Secret', () => {
    for (const text of [
      '{password: "hunter2"}}',
      '{password: x}} hunter2',
      '|hunter2\n  x',
      '@hunter2: 1',
      '*hunter2',
    ]) {
      assert.throws(
        () => parseManifest(`stringData: ${text}\n`),
        (error: unknown) => error instanceof SlipwayError && !inspect(error).includes('hunter2'),
        text,
      );
    }
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
