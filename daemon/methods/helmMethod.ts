import { parseDurationSeconds } from '../model/duration.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Component, HelmMethod } from '../model/procedure.ts';
import { buildWorkloadKey, type WorkloadImages } from '../model/runningVersion.ts';
import { fillTemplate, type TemplateValues } from '../model/template.ts';
import { buildExpectations, buildVerification, type Expectations } from '../model/verification.ts';
import { buildStatusArguments } from '../tools/helm/status.ts';
import { buildUpgradeArguments } from '../tools/helm/upgrade.ts';
import type { HelmMajor } from '../tools/helm/version.ts';

/** What the steps of a component's Helm method are built from. */
export type HelmMethodInput = {
  readonly component: Component;
  readonly method: HelmMethod;
  readonly promotionId: string;
  readonly namespace: string;
  readonly values: TemplateValues;
  /** The image that is to run: `kosmos/agent:v2.1.0`; absent when the procedure names none. */
  readonly image?: string;
  /** The newest revision before, 0 for none, and the one to go back to when helm is killed. */
  readonly baseRevision: number;
  readonly goodRevision?: number;
  /** The workloads of the good revision with their images. */
  readonly goodWorkloads?: WorkloadImages;
  /** True where helm's watcher would take an old verdict for the end. */
  readonly waitOutDeadlines?: boolean;
  /** Helm's major version, where its way of waiting is chosen; 4 unless said. */
  readonly major?: HelmMajor;
};

type UpgradeInput = Pick<
  HelmMethodInput,
  'method' | 'namespace' | 'values' | 'promotionId' | 'waitOutDeadlines' | 'major'
>;

/** How long beyond Helm's own `--timeout` its process may take, in seconds. */
const graceSeconds = 120;

/** The steps that bring a component to an environment with Helm: the document's upgrade, its status, our look. */
export function buildHelmSteps(input: HelmMethodInput): readonly PlannedStep[] {
  const { component, method, namespace } = input;
  const helmSeconds = parseDurationSeconds(method.timeout) ?? 300;
  const release = fillTemplate(method.release, input.values);
  const identity = { release, namespace };
  return [
    {
      id: `upgrade-${component.name}`,
      kind: 'helmUpgrade',
      title: `helm upgrade ${release}`,
      command: { tool: 'helm', args: buildUpgradeArguments(buildUpgradeOptions(input)) },
      input: {
        ...identity,
        // What is to run again where a killed helm has to be put right.
        ...buildExpectations(input.goodWorkloads ?? {}),
        baseRevision: String(input.baseRevision),
        goodRevision: input.goodRevision === undefined ? '' : String(input.goodRevision),
      },
      undo:
        input.goodRevision === undefined
          ? 'None: nothing good was installed before.'
          : `helm rollback ${release} ${input.goodRevision}`,
      timeoutSeconds: helmSeconds + graceSeconds,
    },
    {
      id: `status-${component.name}`,
      kind: 'helmStatus',
      title: `helm status ${release}`,
      command: { tool: 'helm', args: buildStatusArguments(identity) },
      input: identity,
      undo: 'None: it only looks.',
      timeoutSeconds: 60,
    },
    ...buildVerification(`verify-${component.name}`, {
      expected: buildOwnExpectation(input),
      timeoutSeconds: helmSeconds,
    }),
  ];
}

/** The options of `helm upgrade` for a plan, and for the dry run behind its diff. */
export function buildUpgradeOptions(input: UpgradeInput) {
  const { method, namespace, values, promotionId, waitOutDeadlines = false, major } = input;
  return {
    release: fillTemplate(method.release, values),
    chart: fillTemplate(method.chart, values),
    namespace,
    values: method.values.map(file => fillTemplate(file, values)),
    set: Object.fromEntries(
      Object.entries(method.set).map(([key, text]) => [key, fillTemplate(text, values)]),
    ),
    timeout: method.timeout,
    install: method.install,
    wait: waitOutDeadlines ? 'legacy' : (method.wait ?? 'watcher'),
    promotionId,
    ...(major === undefined ? {} : { major }),
  } as const;
}

/** The component's own workload: for the others of its chart helm has waited. */
function buildOwnExpectation({ component, image }: HelmMethodInput): Expectations {
  const { workload, container } = component;
  if (!workload || image === undefined) {
    return {};
  }
  const key = buildWorkloadKey(workload);
  return { [container === undefined ? key : `${key}#${container}`]: image };
}
