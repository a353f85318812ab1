import assert from 'node:assert/strict';
import { parseManifest } from '../../../daemon/clusters/parseManifest.ts';
import { describeOnDelete } from '../../../daemon/promotion/describeOnDelete.ts';

const render = (kind: string, name: string, type: string) =>
  JSON.stringify({ apiVersion: 'apps/v1', kind, metadata: { name }, spec: { updateStrategy: { type } } });
const manifest = parseManifest(
  [
    render('StatefulSet', 'db', 'OnDelete'),
    render('DaemonSet', 'agent', 'OnDelete'),
    render('DaemonSet', 'usual', 'RollingUpdate'),
    render('StatefulSet', 'new', 'OnDelete'),
  ].join('\n---\n'),
);
const live = { 'statefulset/db': {}, 'daemonset/agent': {}, 'daemonset/usual': {} };

describe('a workload whose pods are replaced only when they are deleted', () => {
  it('L-14b is named in the plan where it is there already', () => {
    assert.deepEqual(describeOnDelete(manifest, { live, wait: 'legacy' }), [
      'statefulset/db replaces a pod only when somebody deletes it (updateStrategy OnDelete): until then its old pods run on.',
      'daemonset/agent replaces a pod only when somebody deletes it (updateStrategy OnDelete): until then its old pods run on.',
    ]);
  });

  it("L-14b is said to keep helm's watcher waiting where it is a DaemonSet", () => {
    assert.match(describeOnDelete(manifest, { live, wait: 'watcher' })[1] ?? '', /wait: legacy/);
  });
});
