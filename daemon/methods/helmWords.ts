import type { PlannedMethod } from '../model/digests/planDigest.ts';
import type { Component } from '../model/procedure.ts';
import { buildWorkloadKey } from '../model/runningVersion.ts';
import type { TemplateValues } from '../model/template.ts';
import { buildStatusArguments } from '../tools/helm/status.ts';
import { buildUpgradeArguments } from '../tools/helm/upgrade.ts';
import { buildUpgradeOptions } from './helmMethod.ts';

/**
 * What a plan digest covers of a component's way to an environment: the words of the commands that a plan will have,
 * built from the procedure alone. A component without a method that is built has none.
 */
export function buildPlannedMethod(
  component: Component,
  target: { readonly namespace: string; readonly values: TemplateValues },
): PlannedMethod {
  const { name, helm, workload, container } = component;
  const looked = workload
    ? ` ${buildWorkloadKey(workload)}${container === undefined ? '' : `#${container}`}`
    : '';
  if (!helm) {
    return {
      component: name,
      method: `${component.methods.join(', ') || 'none'}${looked}`,
      words: [],
      set: {},
    };
  }
  const { namespace, values } = target;
  const options = buildUpgradeOptions({ method: helm, namespace, values, promotionId: 'promotion' });
  const { set, release } = options;
  const words = [
    ...buildUpgradeArguments({ ...options, set: {} }),
    ...buildStatusArguments({ release, namespace }),
  ];
  return { component: name, method: `helm${looked}`, words: words.map(({ text }) => text), set };
}
