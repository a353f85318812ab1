import assert from 'node:assert/strict';
import { buildHelmError, findHelmProblem } from '../../../daemon/tools/helm/helmProblem.ts';
import type { HelmProblemKind } from '../../../daemon/tools/helm/problemKind.ts';
import { ToolError } from '../../../daemon/tools/process/toolError.ts';

/** What helm 4.3.1 printed on the standard error, with the problem that it is and a piece of the sentence. */
const cases: readonly (readonly [HelmProblemKind, string, RegExp])[] = [
  [
    'pendingOperation',
    'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress',
    /still pending/,
  ],
  ['raceLost', 'Error: UPGRADE FAILED: release: already exists', /at the same moment/],
  ['releaseMissing', 'Error: uninstall: Release not loaded: nosuch: release: not found', /no such release/],
  ['revisionMissing', 'Error: release has no 99 version', /no revision 99/],
  [
    'neverDeployed',
    'Error: UPGRADE FAILED: "nosuch" has no deployed releases',
    /no deployed revision of nosuch/,
  ],
  [
    'unreachable',
    'Error: kubernetes cluster unreachable: Get "https://127.0.0.1:1/version": dial tcp 127.0.0.1:1: connect: connection refused',
    /connection refused/,
  ],
  [
    'unreachable',
    'Error: kubernetes cluster unreachable: Get "https://nosuch.invalid:6443/version": dial tcp: lookup nosuch.invalid on 10.0.0.1:53: no such host',
    /no such host/,
  ],
  [
    'unreachable',
    'Error: UPGRADE FAILED: Get "https://10.1.2.3:6443/apis/apps/v1/namespaces/x": dial tcp 10.1.2.3:6443: i/o timeout',
    /i\/o timeout/,
  ],
  [
    'loginFailed',
    'Error: kubernetes cluster unreachable: the server has asked for the client to provide credentials',
    /does not take the credentials/,
  ],
  [
    'loginFailed',
    'Error: kubernetes cluster unreachable: Get "https://127.0.0.1:42755/version": getting credentials: exec: executable aws-nope not found\n\nIt looks like you are trying to use a client-go credential plugin that is not installed.',
    /executable aws-nope not found/,
  ],
  [
    'contextMissing',
    'Error: kubernetes cluster unreachable: context "nope" does not exist',
    /no context "nope"/,
  ],
  [
    'contextMissing',
    'Error: kubernetes cluster unreachable: stat /nope: no such file or directory',
    /kubeconfig \/nope does not exist/,
  ],
  [
    'forbidden',
    'Error: UPGRADE FAILED: query: failed to query with labels: secrets is forbidden: User "alice" cannot list resource "secrets" in API group "" in the namespace "lab2"',
    /alice may not list secrets in namespace lab2/,
  ],
  [
    'objectRefused',
    "Error: UPGRADE FAILED: server-side apply failed for object x/lab apps/v1, Kind=Deployment: deployments.apps \"lab\" is forbidden: ValidatingAdmissionPolicy 'guard' with binding 'guard' denied request: no approved promotion is running",
    /policy guard refused: no approved promotion is running/,
  ],
  [
    'webhookDown',
    'Error: UPGRADE FAILED: server-side apply failed for object hook-7/hok apps/v1, Kind=Deployment: Internal error occurred: failed calling webhook "down.example.org": failed to call webhook: Post "https://127.0.0.1:9/validate?timeout=3s": dial tcp 127.0.0.1:9: connect: connection refused',
    /own admission webhook down\.example\.org: Post .*: connection refused\.$/,
  ],
  [
    'webhookDown',
    'Error: release secrets: create: failed to create: Internal error occurred: failed calling webhook "secrets.example.org": failed to call webhook: Post "https://policy-webhook.kube-system.svc:443/?timeout=3s": service "policy-webhook" not found',
    /webhook secrets\.example\.org: .*service "policy-webhook" not found\.$/,
  ],
  [
    'namespaceEnding',
    'Error: create: failed to create: secrets "sh.helm.release.v1.term.v1" is forbidden: unable to create new content in namespace term-1 because it is being terminated',
    /^The namespace term-1 is being deleted, and takes nothing new\.$/,
  ],
  [
    'quotaExceeded',
    'Error: failed to create resource: services "quo" is forbidden: exceeded quota: tight, requested: services=1, used: services=0, limited: services=0',
    /^The quota of the namespace has no room for services "quo": tight, requested: services=1, used: services=0, limited: services=0\.$/,
  ],
  [
    'quotaExceeded',
    'Error: failed to create resource: pods "quo" is forbidden: failed quota: tight: must specify requests.cpu for: quo',
    /^The quota of the namespace does not take pods "quo": tight: must specify requests\.cpu for: quo\.$/,
  ],
  [
    'objectRefused',
    'Error: failed to create resource: pods "lim" is forbidden: maximum memory usage per Container is 10Mi, but limit is 1Gi',
    /^The API server does not take pods "lim": maximum memory usage per Container is 10Mi, but limit is 1Gi\.$/,
  ],
  ['namespaceMissing', 'Error: create: failed to create: namespaces "nope" not found', /namespace nope/],
  [
    'recordTooLong',
    'Error: UPGRADE FAILED: create: failed to create: Secret "sh.helm.release.v1.app.v13" is invalid: data: Too long: may not be more than 1048576 bytes',
    /1 MiB/,
  ],
  [
    'fieldConflict',
    'level=WARN msg="upgrade failed" name=app error="conflict"\nError: UPGRADE FAILED: conflict occurred while applying object lab2/lab apps/v1, Kind=Deployment: Apply failed with 1 conflict: conflict with "flagger" using apps/v1: .spec.replicas',
    /may not change \.spec\.replicas of Deployment lab: flagger set it/,
  ],
  [
    'fieldConflict',
    'Error: UPGRADE FAILED: conflict occurred while applying object lab2/lab apps/v1, Kind=Deployment: Apply failed with 2 conflicts: conflicts with "flagger" using apps/v1:\n- .spec.replicas\nconflicts with "kubectl-edit" using apps/v1:\n- .spec.template.spec.containers[name="agent"].image',
    /\.spec\.replicas, \.spec\.template\.spec\.containers\[name="agent"\]\.image of Deployment lab: flagger, kubectl-edit/,
  ],
  [
    'foreignOwner',
    'Error: unable to continue with install: ConfigMap "lab" in namespace "lab" exists and cannot be imported into the current release: invalid ownership metadata; annotation validation error: key "meta.helm.sh/release-name" must equal "app": current value is "web"',
    /ConfigMap "lab" in namespace "lab" exists already/,
  ],
  [
    'fieldUnknown',
    'Error: UPGRADE FAILED: failed to create resource: server-side apply failed for object lab2/lab /v1, Kind=Service: failed to create typed patch object (lab2/lab; /v1, Kind=Service): .spec.portss: field not declared in schema',
    /sets \.spec\.portss of a Service/,
  ],
  [
    'kindUnknown',
    'Error: UPGRADE FAILED: resource mapping not found for name: "lab" namespace: "" from "": no matches for kind "Foo" in version "foo.example/v1"\nensure CRDs are installed first',
    /no Foo of foo\.example\/v1/,
  ],
  [
    'objectRefused',
    'Error: UPGRADE FAILED: server-side apply failed for object lab2/lab apps/v1, Kind=Deployment: Deployment.apps "lab" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
    /Deployment\.apps "lab": spec\.selector: .*field is immutable/,
  ],
  [
    'objectRefused',
    'Error: UPGRADE FAILED: server-side apply failed for object imm/once batch/v1, Kind=Job: Job.batch "once" is invalid: spec.template: Invalid value: {"labels":{"job-name":"once"},"Spec":{"Volumes":null,"Containers":[{"Name":"once","Image":"example/once:v1.1.0","Command":null,"Args":null}],"RestartPolicy":"Never"}}: field is immutable',
    /^The API server does not take Job\.batch "once": spec\.template: field is immutable\.$/,
  ],
  ['chartMissing', 'Error: path "./nochart" not found', /no chart at \.\/nochart/],
  [
    'chartMissing',
    'Error: unable to detect chart at /tmp/Chart.yaml: open /tmp/Chart.yaml: no such file or directory',
    /no chart at \/tmp\/Chart\.yaml/,
  ],
  ['valuesMissing', 'Error: open nofile.yaml: no such file or directory', /nofile\.yaml does not exist/],
  [
    'unreachable',
    'Error: kubernetes cluster unreachable: Get "https://a.invalid/version": proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused',
    /^The proxy on the way to the cluster did not let helm through: dial tcp 127\.0\.0\.1:1: connect: connection refused\.$/,
  ],
  [
    'unreachable',
    'Error: kubernetes cluster unreachable: Get "https://a.invalid/version": Proxy Authentication Required',
    /^The proxy on the way to the cluster did not let helm through: Proxy Authentication Required\.$/,
  ],
  [
    'valuesInvalid',
    "Error: UPGRADE FAILED: values don't meet the specifications of the schema(s) in the following chart(s):\nlab:\n- at '/data': got number, want string\n",
    /^The values do not fit the schema: lab: at '\/data': got number, want string\.$/,
  ],
  [
    'valuesInvalid',
    "Error: values don't meet the specifications of the schema(s) in the following chart(s):\nweb:\n- at '': missing property 'b'\n- at '/a': got number, want string\nsub:\n- at '/c': got null, want string\n\n",
    /schema: web: at '': missing property 'b', at '\/a': got number, want string; sub: at '\/c': got null, want string\.$/,
  ],
  [
    'valuesInvalid',
    'Error: failed parsing --set data: key "c" has no value',
    /^The values do not fit: key "c" has no value\.$/,
  ],
  [
    'valuesInvalid',
    'Error: failed to parse bad.yaml: cannot unmarshal yaml document: error converting YAML to JSON: yaml: line 1: did not find expected node content',
    /^The values file bad\.yaml cannot be read: yaml: line 1: did not find expected node content\.$/,
  ],
  [
    'chartInvalid',
    'Error: UPGRADE FAILED: execution error at (lab/templates/bad.yaml:12:29): image.tag is needed',
    /\(lab\/templates\/bad\.yaml:12:29\): image\.tag is needed/,
  ],
  [
    'chartInvalid',
    'Error: web/templates/cm.yaml:5:15\n  executing "web/templates/cm.yaml" at <.Values.nothing.there>:\n    nil pointer evaluating interface {}.there\n\nUse --debug flag to render out invalid YAML\n',
    /^The chart cannot be rendered \(web\/templates\/cm\.yaml:5:15, <\.Values\.nothing\.there>\): nil pointer evaluating interface \{\}\.there\.$/,
  ],
  [
    'chartInvalid',
    'Error: UPGRADE FAILED: web/templates/cm.yaml:5:8\n  executing "web/templates/cm.yaml" at <include "web.x" .>:\n    error calling include:\nweb/templates/_h.tpl:2:10\n  executing "web.x" at <.Values.nothing.there>:\n    nil pointer evaluating interface {}.there',
    /\(web\/templates\/_h\.tpl:2:10, <\.Values\.nothing\.there>\): nil pointer/,
  ],
  [
    'chartInvalid',
    'Error: web/templates/cm.yaml:5:8\n  executing "web/templates/cm.yaml" at <include "nope" .>:\n    error calling include:\ntemplate: no template "nope" associated with template "gotpl"\n\nUse --debug flag to render out invalid YAML\n',
    /\(web\/templates\/cm\.yaml:5:8, <include "nope" \.>\): no template "nope" associated with template "gotpl"\.$/,
  ],
  [
    'chartInvalid',
    'Error: template: web/templates/cm.yaml:5:8: executing "web/templates/cm.yaml" at <tpl "{{ .Values.q.z }}" .>: error calling tpl: error during tpl function execution for "{{ .Values.q.z }}": template: gotpl:1:10: executing "gotpl" at <.Values.q.z>: nil pointer evaluating interface {}.z\n\nUse --debug flag to render out invalid YAML\n',
    /\(web\/templates\/cm\.yaml:5:8, <\.Values\.q\.z>\): nil pointer evaluating interface \{\}\.z\.$/,
  ],
  [
    'chartInvalid',
    'Error: chart requires kubeVersion: >=1.99.0 which is incompatible with Kubernetes v1.37.0\n\nUse --debug flag to render out invalid YAML\n',
    /^The chart needs Kubernetes >=1\.99\.0, and the cluster has v1\.37\.0\.$/,
  ],
  [
    'chartInvalid',
    'Error: validation: chart.metadata.version is required\n',
    /^The Chart\.yaml of the chart is not valid: version is required\.$/,
  ],
  [
    'chartInvalid',
    'Error: YAML parse error on web/templates/cm.yaml: error converting YAML to JSON: yaml: line 5: mapping values are not allowed in this context\n\nUse --debug flag to render out invalid YAML\n',
    /^The chart cannot be rendered \(web\/templates\/cm\.yaml\): yaml: line 5: mapping values are not allowed in this context\.$/,
  ],
  [
    'chartInvalid',
    'Error: cannot load values.yaml: cannot unmarshal yaml document: error converting YAML to JSON: yaml: line 1: did not find expected node content\n',
    /^The chart cannot be rendered \(values\.yaml\): yaml: line 1: did not find expected node content\.$/,
  ],
  [
    'chartInvalid',
    "Error: an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: sub\n",
    /^The chart's dependencies are not there: sub\.$/,
  ],
  [
    'notReady',
    'level=WARN msg="upgrade failed"\nError: UPGRADE FAILED: resource Deployment/lab2/lab not ready. status: InProgress, message: Available: 0/3\ncontext deadline exceeded',
    /Deployment\/lab2\/lab was not ready.*Available: 0\/3/,
  ],
  ['notReady', 'Error: UPGRADE FAILED: context deadline exceeded', /Not everything was ready/],
  [
    'notReady',
    'Error: UPGRADE FAILED: resource Deployment/lab2/lab not ready. status: Unknown, message: \ncontext deadline exceeded',
    /^Deployment\/lab2\/lab was not ready when helm's time was up: Unknown\.$/,
  ],
  [
    'progressDeadline',
    'Error: UPGRADE FAILED: resource Deployment/lab2/lab not ready. status: Failed, message: Progress deadline exceeded',
    /within its own progress deadline/,
  ],
  [
    'notReady',
    'Error: UPGRADE FAILED: resource Job/lab2/import not ready. status: Failed, message: Job Failed. failed: 1/1',
    /^Job\/lab2\/import failed while helm waited for it: Job Failed\. failed: 1\/1\.$/,
  ],
  [
    'hookFailed',
    'Upgrade "kinds" failed: pre-upgrade hooks failed: resource Job/kinds-2/pre not ready. status: Failed, message: Job Failed. failed: 1/1',
    /^The pre-upgrade hook Job\/pre failed \(Job Failed\. failed: 1\/1\); what ran before was not touched\.$/,
  ],
  [
    'hookFailed',
    'Error: UPGRADE FAILED: post-upgrade hooks failed: 1 error occurred:\n\t* job smoke failed: BackoffLimitExceeded\n\n',
    /^The post-upgrade hook Job\/smoke failed \(BackoffLimitExceeded\)\.$/,
  ],
  [
    'notReady',
    'Error: UPGRADE FAILED: pre-upgrade hooks failed: resource Job/lab2/pre not ready. status: InProgress, message: Job in progress\ncontext deadline exceeded',
    /^Job\/lab2\/pre was not ready when helm's time was up: Job in progress\.$/,
  ],
  ['cancelled', 'Error: UPGRADE FAILED: context canceled', /interrupted/],
  ['wrongFlag', 'Error: unknown flag: --labels', /does not take --labels/],
  ['wrongFlag', "Error: unknown shorthand flag: 'o' in -o", /does not take/],
  [
    'notReady',
    'Upgrade "app" failed: resource Deployment/lab2/lab not ready. status: InProgress, message: Pending termination: 1\ncontext deadline exceeded',
    /Pending termination: 1/,
  ],
];

describe("helm's failures", () => {
  for (const [kind, output, sentence] of cases) {
    it(`are told from its words: ${kind}, ${output.split('\n').at(-1)?.slice(0, 70)}`, () => {
      const problem = findHelmProblem(output);
      assert.equal(problem?.kind, kind);
      assert.match(problem.sentence, sentence);
      assert.match(problem.sentence, /\.$/);
      assert.ok(problem.next.length > 10);
    });
  }

  it('P-09e name the verb, the object and the namespace that a person has no right to', () => {
    const problem = findHelmProblem(
      'Error: UPGRADE FAILED: server-side apply failed for object shop/shop apps/v1, Kind=Deployment: deployments.apps "shop" is forbidden: User "sue" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
    );
    assert.equal(problem?.code, 'forbidden');
    assert.equal(
      problem.sentence,
      'The API server refused: sue may not patch deployments.apps in namespace shop.',
    );
    assert.equal(
      problem.next,
      'Ask an administrator of the cluster to let sue patch deployments.apps in namespace shop.',
    );
  });

  it('say how a release takes over what no helm has made', () => {
    const problem = findHelmProblem(
      'Error: unable to continue with install: Deployment "own" in namespace "shop" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"; annotation validation error: missing key "meta.helm.sh/release-name": must be set to "web"; annotation validation error: missing key "meta.helm.sh/release-namespace": must be set to "shop"',
    );
    assert.equal(problem?.kind, 'foreignOwner');
    assert.equal(
      problem.sentence,
      'Deployment "own" in namespace "shop" exists already, and no helm has made it.',
    );
    assert.equal(
      problem.next,
      'Where this release is to take it over: "kubectl label deployment/own -n shop app.kubernetes.io/managed-by=Helm" and ' +
        '"kubectl annotate deployment/own -n shop meta.helm.sh/release-name=web meta.helm.sh/release-namespace=shop", then plan ' +
        'again. Otherwise give the object another name in the chart.',
    );
  });

  it('say how to go on where a field never changes, and where the chart has a newer definition', () => {
    const next = (error: string) => findHelmProblem(`Error: UPGRADE FAILED: ${error}`)?.next ?? '';
    assert.match(
      next('Job.batch "once" is invalid: spec.template: Invalid value: {}: field is immutable'),
      /delete the object first, or give it another name/,
    );
    const unknown = (kind: string) =>
      `server-side apply failed for object shop/w ${kind}: failed to create typed patch object (shop/w; ${kind}): .spec.colour: field not declared in schema`;
    assert.match(next(unknown('stranger.example/v1, Kind=Widget')), /crds\/ folder .*never updates them/);
    for (const kind of [
      '/v1, Kind=Service',
      'apps/v1, Kind=Deployment',
      'networking.k8s.io/v1, Kind=Ingress',
    ]) {
      assert.match(next(unknown(kind)), /^Correct the field in the chart, then make a new release\.$/, kind);
    }
  });

  it('say that Flagger owns the field, and what to do', () => {
    const problem = findHelmProblem(cases.find(([kind]) => kind === 'fieldConflict')?.[1] ?? '');
    assert.deepEqual(problem?.details, {
      object: 'Deployment lab',
      managers: 'flagger',
      fields: '.spec.replicas',
    });
    assert.match(problem.next, /Flagger/);
  });

  it('are told from the error, not from the output before it', () => {
    const output = 'Error in my own notes: release: not found\nError: path "./nochart" not found\n';
    assert.equal(findHelmProblem(output)?.kind, 'chartMissing');
  });

  it('are not guessed', () => {
    assert.equal(findHelmProblem('Error: UPGRADE FAILED: something new'), undefined);
    assert.equal(findHelmProblem('Release "app" has been upgraded. Happy Helming!'), undefined);
    assert.equal(findHelmProblem(''), undefined);
  });

  const failed = (stderrTail: string, reason: 'failed' | 'timedOut' = 'failed') =>
    new ToolError('helm history ended with exit code 1', {
      tool: 'helm',
      args: ['history'],
      reason,
      exitCode: 1,
      signal: null,
      stderrTail,
      stdoutTail: '',
    });

  it('reach people with their own code and what to do next', () => {
    const error = buildHelmError(
      failed('Error: kubernetes cluster unreachable: context "x" does not exist\n'),
    );
    assert.equal(error.code, 'unknownContext');
    assert.equal(error.details['problem'], 'contextMissing');
    assert.equal(error.details['tool'], 'helm');
  });

  it("stay the run's own error where the words are unknown or the time was up", () => {
    const unknown = failed('Error: something new');
    assert.equal(buildHelmError(unknown), unknown);
    const late = failed('Error: release: not found', 'timedOut');
    assert.equal(buildHelmError(late), late);
  });
});
