import { parseDurationSeconds } from '../model/duration.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Component, HelmMethod } from '../model/procedure.ts';
import type { WorkloadImages } from '../model/runningVersion.ts';
import { buildExpectations, buildVerification } from '../model/verification.ts';
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
  /** The workloads of the good revision with their images. */
  readonly workloads?: WorkloadImages;
};

/**
 * The steps of the way back: `helm rollback` to a named good revision, then our look at every workload of it, since helm
 * does not wait for them.
 */
export function buildHelmRollbackSteps(input: HelmRollbackInput): readonly PlannedStep[] {
  const { component, method, release, namespace, toRevision } = input;
  const timeoutSeconds = parseDurationSeconds(method.timeout) ?? 300;
  const base = { release, namespace, baseRevision: String(input.baseRevision) };
  const expected = buildExpectations(input.workloads ?? {});
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
      input: { ...base, ...expected, toRevision: String(toRevision), goodRevision: String(toRevision) },
      undo: 'Promote the release again.',
      timeoutSeconds: timeoutSeconds + 120,
    },
    ...buildVerification(`verify-${component.name}`, { expected, timeoutSeconds }),
  ];
}
