import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster, Clusters } from '../../daemon/clusters/clusters.ts';
import { readHelmRecord } from '../../daemon/clusters/helmRecord.ts';
import { buildManifestDiff, type ObjectDiff, writeDiffSide } from '../../daemon/clusters/manifestDiff.ts';
import { type ManifestObject, parseManifest } from '../../daemon/clusters/parseManifest.ts';
import { buildSecretMask } from '../../daemon/clusters/secretMask.ts';
import { openClusters } from './openClusters.ts';
import { clusterStartMs, type SharedCluster, sharedCluster } from './sharedCluster.ts';

const chart = {
  'Chart.yaml': 'apiVersion: v2\nname: kosmos\nversion: 1.2.3\n',
  'templates/all.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: agent-name}
spec:
  replicas: 2
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
        - name: agent
          image: "kosmos/agent:{{ .Values.version }}"
          env: [{name: A, value: "1"}, {name: B, value: "2"}]
---
apiVersion: v1
kind: Secret
metadata: {name: agent-secret}
stringData: {password: "{{ .Values.password }}"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: agent-config}
data: {a: "1"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}
`,
};

describe('The diff of a manifest against the live cluster', function () {
  this.timeout(120_000);
  let shared: SharedCluster;
  let clusters: Clusters;
  let cluster: Cluster;
  let folder: string;

  before(async function () {
    this.timeout(clusterStartMs);
    shared = await sharedCluster();
    clusters = openClusters([shared.sandbox.adminKubeconfig]);
    cluster = clusters.open('admin');
    folder = await mkdtemp(join(tmpdir(), 'slipway-diff-'));
    await mkdir(join(folder, 'templates'));
    for (const [name, text] of Object.entries(chart)) {
      await writeFile(join(folder, name), text);
    }
  });

  after(async () => {
    clusters?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  /** A namespace with version v2.0.0 in it, and what Helm wrote down about that. */
  async function install(prefix: string, ...more: string[]) {
    const namespace = await shared.namespace(prefix);
    const values = ['--set', 'version=v2.0.0,password=hunter2'];
    await shared.helm(['install', 'kosmos', folder, '-n', namespace, '--wait', ...values, ...more]);
    const { manifest } = await readHelmRecord(cluster, namespace, 'sh.helm.release.v1.kosmos.v1');
    return { namespace, manifest, stored: parseManifest(manifest) };
  }

  const diff = (
    namespace: string,
    next: readonly ManifestObject[],
    stored: readonly ManifestObject[],
    through: Cluster = cluster,
  ) =>
    buildManifestDiff({
      asking: through,
      paths: through.paths,
      release: 'kosmos',
      namespace,
      next,
      stored,
      mask: buildSecretMask(),
    });
  const changes = (diffs: readonly ObjectDiff[]) =>
    Object.fromEntries(diffs.map(({ object, change }) => [object, change]));
  const find = (diffs: readonly ObjectDiff[], object: string): ObjectDiff => {
    const found = diffs.find(one => one.object === object);
    assert.ok(found, object);
    return found;
  };

  it('L-14f finds nothing to change where nothing changed, with server-side and with client-side Helm', async () => {
    for (const more of [[], ['--server-side=false']]) {
      const { namespace, stored } = await install('same', ...more);
      assert.deepEqual(
        changes(await diff(namespace, stored, stored)),
        {
          'apps/v1/Deployment/agent-name': 'same',
          'v1/ConfigMap/agent-config': 'same',
          'v1/ConfigMap/kept': 'same',
          'v1/Secret/agent-secret': 'same',
        },
        more.join(),
      );
    }
  });

  for (const side of ['server', 'client']) {
    it(`L-14f shows per object what is made, changed and deleted, removed fields too, with ${side}-side Helm`, async () => {
      const { namespace, manifest, stored } = await install('changes', `--server-side=${side === 'server'}`);
      const next = parseManifest(
        `${manifest
          .replace('v2.0.0', 'v2.1.0')
          .replace(/, *\n? *{name: B, value: "2"}|\n *- name: B\n *value: "2"/, '')}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: agent-new}
data: {b: "2"}
`,
      ).filter(({ reference }) => !['agent-config', 'kept'].includes(reference.name));
      const diffs = await diff(namespace, next, stored);
      assert.deepEqual(changes(diffs), {
        'apps/v1/Deployment/agent-name': 'change',
        'v1/ConfigMap/agent-config': 'delete',
        'v1/ConfigMap/agent-new': 'create',
        'v1/ConfigMap/kept': 'same',
        'v1/Secret/agent-secret': 'same',
      });
      const { before, after, conflicts } = find(diffs, 'apps/v1/Deployment/agent-name');
      assert.deepEqual(conflicts, []);
      assert.match(before, /image: kosmos\/agent:v2\.0\.0/);
      assert.match(after, /image: kosmos\/agent:v2\.1\.0/);
      assert.match(before, /name: B/);
      assert.doesNotMatch(after, /name: B/);
      for (const noise of ['managedFields', 'resourceVersion', 'generation:', 'status:', 'uid:']) {
        assert.doesNotMatch(before + after, new RegExp(noise));
      }
      assert.equal(find(diffs, 'v1/ConfigMap/agent-new').before, '');
      assert.match(find(diffs, 'v1/ConfigMap/agent-new').after, /app\.kubernetes\.io\/managed-by: Helm/);
      assert.equal(find(diffs, 'v1/ConfigMap/agent-config').after, '');
      assert.match(
        writeDiffSide(diffs, 'after'),
        /^# apps\/v1\/Deployment\/agent-name\napiVersion: apps\/v1\nkind: Deployment\n/,
      );
      const live = await shared.kubectl(['get', 'deployment', 'agent-name', '-n', namespace, '-o', 'yaml']);
      assert.match(live, /kosmos\/agent:v2\.0\.0/, 'a dry run changes nothing');
    });
  }

  it('L-14f names the fields that another manager owns, and what would become of them', async () => {
    const { namespace, manifest, stored } = await install('conflict');
    await shared.kubectl(['set', 'image', 'deployment/agent-name', 'agent=kosmos/agent:v9', '-n', namespace]);
    await shared.kubectl(['scale', 'deployment/agent-name', '--replicas=5', '-n', namespace]);
    const next = parseManifest(manifest.replace('v2.0.0', 'v2.1.0'));
    const found = find(await diff(namespace, next, stored), 'apps/v1/Deployment/agent-name');
    assert.equal(found.change, 'change');
    assert.deepEqual(
      [...found.conflicts].sort().map(conflict => conflict.replace(/ with subresource "scale"/, '')),
      [
        '.spec.replicas: conflict with "kubectl" using apps/v1',
        '.spec.template.spec.containers[name="agent"].image: conflict with "kubectl-set" using apps/v1',
      ],
    );
    assert.match(found.before, /image: kosmos\/agent:v9/);
    assert.match(found.after, /image: kosmos\/agent:v2\.1\.0/);
    assert.match(found.after, /replicas: 2/);
  });

  it("L-14f shows an object's error in the API server's words, and goes on with the others", async () => {
    const { namespace, manifest, stored } = await install('errors');
    const next = parseManifest(
      `${manifest.replace('replicas: 2', 'replicas: 2\n  replica: 3')}
---
apiVersion: nowhere.example.com/v1
kind: Thing
metadata: {name: thing}
`,
    );
    const diffs = await diff(namespace, next, stored);
    const wrong = find(diffs, 'apps/v1/Deployment/agent-name');
    assert.equal(wrong.change, 'error');
    assert.match(wrong.conflicts.join(), /\.spec\.replica: field not declared in schema/);
    const unknown = find(diffs, 'nowhere.example.com/v1/Thing/thing');
    assert.equal(unknown.change, 'error');
    assert.match(unknown.conflicts.join(), /knows no kind Thing in nowhere\.example\.com\/v1/);
    assert.equal(find(diffs, 'v1/ConfigMap/agent-config').change, 'same');
  });

  it('L-14f says which right is missing', async () => {
    const { namespace, stored } = await install('rights');
    const own = openClusters([shared.sandbox.kubeconfigPath('paul')]);
    const diffs = await diff(namespace, stored, stored, own.open('kosmos-production'));
    own.dispose();
    assert.match(
      find(diffs, 'apps/v1/Deployment/agent-name').conflicts.join(),
      new RegExp(`paul may not patch deployments\\.apps in namespace ${namespace}`),
    );
    assert.match(find(diffs, 'v1/Secret/agent-secret').conflicts.join(), /paul may not get secrets/);
  });

  it('L-14g shows that a Secret changes and nothing of its values, also when it is refused', async () => {
    const { namespace, manifest, stored } = await install('secret');
    const changed = await diff(namespace, parseManifest(manifest.replace('hunter2', 'hunter3')), stored);
    const secret = find(changed, 'v1/Secret/agent-secret');
    assert.equal(secret.change, 'change');
    const [before, after] = [secret.before, secret.after].map(text => /password: (.*)/.exec(text)?.[1]);
    assert.match(before ?? '', /^•••• \([0-9a-f]{8}\)$/);
    assert.notEqual(before, after);

    await shared.kubectl(['annotate', 'secret', 'agent-secret', '-n', namespace, 'x=y']);
    const refused = await diff(
      namespace,
      parseManifest(
        manifest.replace(
          /stringData:[\s\S]*?hunter2"?}?/,
          'data: {password: "hunter3-is-no-base64", more: hunter3}',
        ),
      ),
      stored,
    );
    assert.equal(find(refused, 'v1/Secret/agent-secret').change, 'error');
    for (const diffs of [changed, refused]) {
      const all = JSON.stringify(diffs);
      for (const value of ['hunter', 'aHVudGVy']) {
        assert.ok(!all.includes(value), `${value} is nowhere`);
      }
    }
  });

  it('L-14f shows what a first installation into an empty namespace would make', async () => {
    const { stored } = await install('filled');
    const empty = await shared.namespace('empty');
    const next = stored.map(({ reference, object }) => ({ reference, object }));
    const diffs = await diff(empty, next, []);
    assert.deepEqual(new Set(diffs.map(({ change }) => change)), new Set(['create']));
  });
});
