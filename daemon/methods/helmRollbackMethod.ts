import { parseDurationSeconds } from '../model/duration.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Component, HelmMethod } from '../model/procedure.ts';
import { buildRollbackArguments } from '../tools/helm/rollback.ts';
import { buildUninstallArguments } from '../tools/helm/uninstall.ts';

/** What the way back of a component with Helm is built from. */
export type HelmRollbackInput = {
  readonly component: Component;
  readonly method: HelmMethod;
  /** The Helm release, its placeholders filled. */
  readonly release: string;
  readonly namespace: string;
  /** The newest revision, which the way back starts from. */
  readonly baseRevision: number;
  /** The good revision to go back to; absent when there never was one: then the release is taken away. */
  readonly toRevision?: number;
  /** True where fields that somebody else set are in the way. */
  readonly forceConflicts?: boolean;
  /** The image that the good revision runs. */
  readonly image?: string;
};

/** The steps of the way back: `helm rollback` to a named good revision, then our look. */
export function buildHelmRollbackSteps(input: HelmRollbackInput): readonly PlannedStep[] {
  const { component, method, release, namespace, toRevision } = input;
  const timeoutSeconds = parseDurationSeconds(method.timeout) ?? 300;
  const base = { release, namespace, baseRevision: String(input.baseRevision) };
  if (toRevision === undefined) {
    return [
      {
        id: `uninstall-${component.name}`,
        kind: 'helmUninstall',
        title: `helm uninstall ${release}`,
        command: { tool: 'helm', args: buildUninstallArguments({ release, namespace }) },
        input: base,
        undo: 'Promote a release again.',
        timeoutSeconds,
      },
    ];
  }
  const { workload, container } = component;
  const key = workload ? `${workload.kind}/${workload.name}` : undefined;
  return [
    {
      id: `rollback-${component.name}`,
      kind: 'helmRollback',
      title: `helm rollback ${release} ${toRevision}`,
      command: {
        tool: 'helm',
        args: buildRollbackArguments({
          release,
          namespace,
          revision: toRevision,
          timeout: method.timeout,
          forceConflicts: input.forceConflicts ?? false,
        }),
      },
      input: { ...base, toRevision: String(toRevision), goodRevision: String(toRevision) },
      undo: 'Promote the release again.',
      timeoutSeconds: timeoutSeconds + 120,
    },
    ...(key && input.image !== undefined
      ? [
          {
            id: `verify-${component.name}`,
            kind: 'verifyWorkloads' as const,
            title: `${key} runs ${input.image}`,
            input: { [container === undefined ? key : `${key}#${container}`]: input.image },
            undo: 'Nothing to undo: it only looks.',
            timeoutSeconds,
          },
        ]
      : []),
  ];
}
