import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlannedArgument } from '../../../daemon/model/plan.ts';
import { promotionLabel } from '../../../daemon/model/promotionLabel.ts';
import { buildRedactor } from '../../../daemon/protocol/redaction/redact.ts';
import { findHelmProblem } from '../../../daemon/tools/helm/helmProblem.ts';
import type { HelmProblemKind } from '../../../daemon/tools/helm/problemKind.ts';
import { buildRenderRun } from '../../../daemon/tools/helm/render.ts';
import { buildRollbackArguments } from '../../../daemon/tools/helm/rollback.ts';
import { buildUninstallArguments } from '../../../daemon/tools/helm/uninstall.ts';
import { buildUpgradeArguments, type UpgradeOptions } from '../../../daemon/tools/helm/upgrade.ts';
import { buildVersionRun } from '../../../daemon/tools/helm/version.ts';
import { adoptSpooledTool } from '../../../daemon/tools/process/adoptSpooledTool.ts';
import { readWholeSpool } from '../../../daemon/tools/process/readSpool.ts';
import { runTool } from '../../../daemon/tools/process/runTool.ts';
import { startSpooledTool } from '../../../daemon/tools/process/spooledTool.ts';
import { ToolError } from '../../../daemon/tools/process/toolError.ts';
import type { ToolRun } from '../../../daemon/tools/process/toolRun.ts';
import { waitFor } from '../../../sandbox/waitFor.ts';
import { clusterStartMs, type SharedCluster, sharedCluster } from '../sharedCluster.ts';
import { buildHistoryRun, buildManifestRun, type HistoryRow } from './helmReads.ts';

/** What our argument lists and readers rest on, seen with the real helm. */
describe('the real helm', function () {
  this.timeout(90_000);
  let cluster: SharedCluster;
  let folder: string;
  let namespace: string;
  let spools = 0;

  before(async function () {
    this.timeout(clusterStartMs);
    cluster = await sharedCluster();
    folder = mkdtempSync(join(tmpdir(), 'slipway-helm-'));
    writeChart(join(folder, 'chart'));
  });
  beforeEach(async () => {
    namespace = await cluster.namespace('helm');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const env = (person = 'admin') => ({
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    KUBECONFIG: cluster.sandbox.kubeconfigPath(person),
  });

  const ask = <T>(run: ToolRun<T>, person?: string): Promise<T> =>
    runTool(run, { path: cluster.sandbox.tools.helm, env: env(person), cwd: folder, timeoutMs: 60_000 });

  const upgrade = (values: Partial<UpgradeOptions> = {}): readonly PlannedArgument[] =>
    buildUpgradeArguments({
      release: 'web',
      chart: './chart',
      namespace,
      values: [],
      set: {},
      timeout: '30s',
      install: true,
      wait: 'watcher',
      promotionId: 'p1',
      ...values,
    });

  /** Runs helm as a step does: spooled, adoptable, its words kept. */
  async function start(args: readonly PlannedArgument[], person?: string) {
    const spool = join(folder, 'spools', `${++spools}.log`);
    const tool = await startSpooledTool({
      tool: 'helm',
      path: cluster.sandbox.tools.helm,
      args: args.map(arg => arg.text),
      env: env(person),
      cwd: folder,
      spool,
      timeoutSeconds: 60,
      neverKill: true,
    });
    const output = () => readWholeSpool(spool, { redactor: buildRedactor(), maxBytes: 1_000_000 }).text;
    return { ...tool, spool, output };
  }

  async function run(args: readonly PlannedArgument[], person?: string) {
    const started = await start(args, person);
    const exit = await started.done;
    return { exit, output: started.output() };
  }

  const history = (): Promise<readonly HistoryRow[]> => ask(buildHistoryRun({ release: 'web', namespace }));
  const statuses = async () => (await history()).map(row => `${row.revision} ${row.status}`);

  async function labels(): Promise<readonly (string | undefined)[]> {
    const json = await cluster.kubectl(['get', 'secrets', '-n', namespace, '-l', 'owner=helm', '-o', 'json']);
    const { items } = JSON.parse(json) as { items: { metadata: { labels: Record<string, string> } }[] };
    return items
      .map(({ metadata }) => metadata.labels)
      .sort((left, right) => Number(left['version']) - Number(right['version']))
      .map(row => row[promotionLabel]);
  }

  const neverReady = { tag: 'x-neverready' };

  it('says a version that we take', async () => {
    assert.equal((await ask(buildVersionRun())).major, 4);
  });

  it('L-08f reads every --set value as it stands', async () => {
    const values = [
      'a,b',
      '{a,b}',
      'a{b}',
      '[0]',
      'a[0]=b',
      'a=b,c=d',
      'back\\slash',
      'back\\',
      '\\,\\{',
      '"quoted"',
      "it's",
      ' lead and trail ',
      '$(touch x)',
      '`touch x`',
      '{{ .Values }}',
      'two\nlines',
      '-x',
      'ünï 世界 \u{1f600}',
      '',
    ];
    const set = Object.fromEntries(values.map((value, index) => [`strings.k${index}`, value]));
    const { manifest } = await ask(buildRenderRun({ ...optionsOf(namespace), set }));
    const json = /^ {2}all: (".*")$/m.exec(manifest)?.[1] ?? '';
    const all = JSON.parse(JSON.parse(json) as string) as { strings: Record<string, string> };
    assert.deepEqual(
      values.map((_, index) => all.strings[`k${index}`]),
      values,
    );
  });

  it('L-14h renders without changing anything', async () => {
    const { manifest } = await ask(buildRenderRun({ ...optionsOf(namespace), set: { tag: 'v1' } }));
    assert.match(manifest, /image: .*kosmos\/web:v1/);
    assert.deepEqual(await history(), []);
  });

  it('marks our revision from its first moment, and hands the mark on to strangers', async () => {
    await run(upgrade({ promotionId: 'p1' }));
    await run(withoutLabels(upgrade({ set: { tag: 'v2' } })));
    const ours = await start(upgrade({ promotionId: 'p2', set: neverReady, timeout: '4s' }));
    await waitFor('the pending row', async () => (await history()).at(-1)?.status === 'pending-upgrade', {
      limitMs: 15_000,
    });
    assert.deepEqual(await labels(), ['p1', 'p1', 'p2'], 'p2 is on the pending row');
    assert.equal((await ours.done).code, 1);
    await run(withoutLabels(upgrade({ set: { tag: 'v3' } })));
    await run(buildRollbackArguments({ release: 'web', namespace, revision: 1, timeout: '30s' }));
    assert.deepEqual(await labels(), ['p1', 'p1', 'p2', 'p2', 'p1'], 'the lowest above the base is ours');
  });

  it('says which revision a rollback copied', async () => {
    await run(upgrade());
    await run(upgrade({ set: { tag: 'v2' } }));
    const { exit } = await run(
      buildRollbackArguments({ release: 'web', namespace, revision: 1, timeout: '30s' }),
    );
    assert.equal(exit.code, 0);
    const newest = (await history()).at(-1);
    assert.equal(newest?.description, 'Rollback to 1');
    assert.equal(newest.rollback_revision, 1);
    assert.match(await ask(buildManifestRun({ release: 'web', namespace })), /kosmos\/web:v1/);
  });

  it('ends with its own code when it is interrupted, and leaves no pending row', async () => {
    await run(upgrade());
    const upgrading = await start(upgrade({ set: neverReady }));
    await waitFor('the pending row', async () => (await history()).at(-1)?.status === 'pending-upgrade', {
      limitMs: 15_000,
    });
    upgrading.interrupt();
    assert.deepEqual(await upgrading.done, { code: 1, reason: 'cancelled' });
    assert.deepEqual(await statuses(), ['1 deployed', '2 failed']);
    assert.equal(findHelmProblem(upgrading.output())?.kind, 'cancelled');
  });

  it('L-08b is adopted in mid-upgrade, and upgrades once', async () => {
    await run(upgrade());
    const upgrading = await start(upgrade({ set: { tag: 'v2-slow' }, timeout: '60s' }));
    const options = { spool: upgrading.spool, timeoutSeconds: 90, neverKill: true };
    const adopted = await adoptSpooledTool(options);
    assert.ok(adopted.state === 'running');
    assert.deepEqual(await adopted.tool.done, { code: 0, reason: 'exited' });
    assert.deepEqual(await statuses(), ['1 superseded', '2 deployed']);
  });

  it('leaves a pending row when it is killed, which a rollback repairs', async () => {
    await run(upgrade());
    const upgrading = await start(upgrade({ set: neverReady }));
    await waitFor('the pending row', async () => (await history()).at(-1)?.status === 'pending-upgrade', {
      limitMs: 15_000,
    });
    process.kill(-upgrading.pid, 'SIGKILL');
    assert.deepEqual(await upgrading.done, { code: null, reason: 'lost' });
    const refused = await run(upgrade({ set: { tag: 'v2' } }));
    assert.equal(findHelmProblem(refused.output)?.kind, 'pendingOperation');
    await run(buildRollbackArguments({ release: 'web', namespace, revision: 1, timeout: '30s' }));
    assert.deepEqual(await statuses(), ['1 superseded', '2 pending-upgrade', '3 deployed']);
    assert.equal((await run(upgrade({ set: { tag: 'v2' } }))).exit.code, 0);
  });

  it('takes away a first installation that was killed', async () => {
    const installing = await start(upgrade({ set: neverReady }));
    await waitFor('the pending row', async () => (await history()).at(-1)?.status === 'pending-install', {
      limitMs: 15_000,
    });
    process.kill(-installing.pid, 'SIGKILL');
    await installing.done;
    const { exit } = await run(buildUninstallArguments({ release: 'web', namespace }));
    assert.equal(exit.code, 0);
    assert.deepEqual(await history(), []);
  });

  const failures: readonly (readonly [HelmProblemKind, () => Promise<{ output: string }>])[] = [
    ['chartMissing', () => run(upgrade({ chart: './no-chart' }))],
    ['valuesMissing', () => run(upgrade({ values: ['no-values.yaml'] }))],
    ['neverDeployed', () => run(upgrade({ install: false }))],
    ['notReady', () => run(upgrade({ set: neverReady, timeout: '3s' }))],
    ['notReady', () => run(upgrade({ set: neverReady, timeout: '3s', wait: 'legacy' }))],
    ['progressDeadline', () => run(upgrade({ set: { ...neverReady, deadline: '2' }, timeout: '20s' }))],
    [
      'revisionMissing',
      async () => {
        await run(upgrade());
        return run(buildRollbackArguments({ release: 'web', namespace, revision: 9, timeout: '5s' }));
      },
    ],
    ['releaseMissing', () => run(buildUninstallArguments({ release: 'web', namespace }))],
    ['namespaceMissing', () => run(upgrade({ namespace: 'no-such-namespace' }))],
    ['forbidden', () => run(upgrade({ namespace: 'kube-system' }), 'alice')],
    ['chartInvalid', () => run(upgrade({ set: { required: 'true' } }))],
    ['fieldUnknown', () => run(upgrade({ set: { unknownField: 'true' } }))],
    ['kindUnknown', () => run(upgrade({ set: { unknownKind: 'true' } }))],
    ['recordTooLong', () => run(upgrade({ chart: './large-chart' }))],
    [
      'fieldConflict',
      async () => {
        await run(upgrade());
        const patch = '{"spec":{"replicas":3}}';
        await cluster.kubectl([
          'patch',
          'deployment',
          'web',
          '-n',
          namespace,
          '--field-manager=flagger',
          '--type=merge',
          '-p',
          patch,
        ]);
        return run(upgrade({ set: { tag: 'v2' } }));
      },
    ],
  ];
  for (const [kind, fail] of failures) {
    it(`fails in words that we know: ${kind}`, async () => {
      const { output } = await fail();
      assert.equal(findHelmProblem(output)?.kind, kind, output);
    });
  }

  it('lets one of two upgrades lose, in words that we know', async () => {
    await run(upgrade());
    const both = await Promise.all([
      run(upgrade({ set: { tag: 'v2' } })),
      run(upgrade({ set: { tag: 'v3' } })),
    ]);
    const [loser, ...others] = both.filter(({ exit }) => exit.code !== 0);
    assert.ok(loser && others.length === 0, JSON.stringify(both));
    // It meets the row that the other one has just made, or tries to make the same one.
    const kind = findHelmProblem(loser.output)?.kind;
    assert.ok(kind === 'raceLost' || kind === 'pendingOperation', loser.output);
    assert.deepEqual(await statuses(), ['1 superseded', '2 deployed']);
  });

  it('is unreachable in words that we know', async () => {
    const path = join(folder, 'dead.yaml');
    const text = readFileSync(cluster.sandbox.kubeconfigPath('admin'), 'utf8');
    writeFileSync(path, text.replace(/https:\/\/127\.0\.0\.1:\d+/g, 'https://127.0.0.1:1'));
    const asking = runTool(buildHistoryRun({ release: 'web', namespace }), {
      path: cluster.sandbox.tools.helm,
      env: { ...env(), KUBECONFIG: path },
      cwd: folder,
      timeoutMs: 60_000,
    });
    await assert.rejects(asking, (error: unknown) => {
      assert.ok(error instanceof ToolError);
      assert.equal(findHelmProblem(error.stderrTail)?.kind, 'unreachable');
      return true;
    });
  });
});

const optionsOf = (namespace: string): UpgradeOptions => ({
  release: 'web',
  chart: './chart',
  namespace,
  values: [],
  set: {},
  timeout: '30s',
  install: true,
  wait: 'watcher',
  promotionId: 'p',
});

/** As a stranger would upgrade. */
function withoutLabels(args: readonly PlannedArgument[]): readonly PlannedArgument[] {
  const at = args.findIndex(arg => arg.text === '--labels');
  return args.filter((_, index) => index !== at && index !== at + 1);
}

function writeChart(chart: string): void {
  for (const folder of [chart, join(chart, '../large-chart')]) {
    mkdirSync(join(folder, 'templates'), { recursive: true });
    writeFileSync(
      join(folder, 'Chart.yaml'),
      'apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: "4.5"\n',
    );
    writeFileSync(join(folder, 'values.yaml'), 'tag: v1\n');
    writeFileSync(join(folder, 'templates', 'all.yaml'), template);
  }
  // Larger than a Secret also when it is packed: bytes without order, from a fixed seed.
  let state = 1;
  const bytes = Buffer.from(
    Array.from({ length: 1_500_000 }, () => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
      return (state >> 16) & 0xff;
    }),
  );
  writeFileSync(join(chart, '../large-chart/large.bin'), bytes);
}

const template = `apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data:
  all: {{ .Values | toJson | quote }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  progressDeadlineSeconds: {{ .Values.deadline | default 600 }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: "kosmos/web:{{ .Values.tag }}"}
{{- if .Values.required }}
{{ required "image.tag is needed" .Values.nothing }}
{{- end }}
{{- if .Values.unknownField }}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {portss: [], ports: [{port: 80}]}
{{- end }}
{{- if .Values.unknownKind }}
---
apiVersion: unknown.example/v1
kind: Unknown
metadata: {name: web}
{{- end }}
`;
