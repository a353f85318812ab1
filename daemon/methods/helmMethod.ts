import { parseDurationSeconds } from '../model/duration.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Component, HelmMethod } from '../model/procedure.ts';
import { fillTemplate, type TemplateValues } from '../model/template.ts';
import { buildStatusArguments } from '../tools/helm/status.ts';
import { buildUpgradeArguments } from '../tools/helm/upgrade.ts';

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
};

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
      undo: 'Nothing to undo: it only looks.',
      timeoutSeconds: 60,
    },
    ...buildVerification(input, helmSeconds),
  ];
}

/** The options of `helm upgrade` for a plan, and for the dry run behind its diff. */
export function buildUpgradeOptions({
  method,
  namespace,
  values,
  promotionId,
}: Pick<HelmMethodInput, 'method' | 'namespace' | 'values' | 'promotionId'>) {
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
    wait: method.wait ?? 'watcher',
    promotionId,
  } as const;
}

function buildVerification(input: HelmMethodInput, timeoutSeconds: number): readonly PlannedStep[] {
  const { workload, container, name } = input.component;
  if (!workload || input.image === undefined) {
    return [];
  }
  const key = `${workload.kind}/${workload.name}`;
  return [
    {
      id: `verify-${name}`,
      kind: 'verifyWorkloads',
      title: `${key} runs ${input.image}`,
      input: { [container === undefined ? key : `${key}#${container}`]: input.image },
      undo: 'Nothing to undo: it only looks.',
      timeoutSeconds,
    },
  ];
}
