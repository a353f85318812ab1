import { buildPlannedMethod } from '../methods/helmWords.ts';
import { buildDigest } from '../model/digest.ts';
import type { NamedDigest } from '../model/digests/digestParts.ts';
import { buildPlanDigest, type PlannedMethod } from '../model/digests/planDigest.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Component, Environment, Procedure } from '../model/procedure.ts';
import { fillTemplate, type TemplateValues } from '../model/template.ts';
import type { RepositoryContents } from '../watching/repositoryContents.ts';

/** What a regular promotion's plan digest is for. */
export type PlanDigestRequest = {
  readonly procedure: Procedure;
  readonly environment: Environment;
  readonly release: { readonly version: string; readonly commit: string };
  /** The digest of the release with its parts. */
  readonly releaseDigest: NamedDigest;
  readonly clusterId: string;
};

/** Digests a regular promotion before there is a plan: from procedure and commit alone, nothing of it is live. */
export async function readPlanDigest(
  contents: Pick<RepositoryContents, 'readIds'>,
  request: PlanDigestRequest,
): Promise<NamedDigest> {
  const { procedure, environment, release, releaseDigest, clusterId } = request;
  const namespace = environment.cluster?.namespace ?? '';
  const values = { ...release, environment: environment.name };
  return buildPlanDigest({
    kind: 'regular',
    environment: environment.name,
    release: releaseDigest.parts,
    cluster: { id: clusterId, namespace },
    methods: procedure.components.map(component => buildPlannedMethod(component, { namespace, values })),
    values: await contents.readIds(release.commit, listValuesFiles(procedure.components, values)),
    policy: environment.policyParts,
  });
}

/** Digests the way back, whose commands name live revisions. */
export function buildRollbackDigest(plan: {
  readonly promotionId: string;
  readonly environment: Environment;
  readonly releaseDigest: NamedDigest;
  readonly target: { readonly clusterId: string; readonly namespace: string };
  readonly steps: readonly PlannedStep[];
}): NamedDigest {
  const { promotionId, environment, releaseDigest, target, steps } = plan;
  return buildPlanDigest({
    kind: 'rollback',
    environment: environment.name,
    release: releaseDigest.parts,
    cluster: { id: target.clusterId, namespace: target.namespace },
    methods: steps.map(
      (step): PlannedMethod => ({
        component: step.id,
        method: step.kind,
        words: [
          ...(step.command?.args ?? []).map(({ text }) => text.replaceAll(promotionId, 'promotion')),
          // The look at the end has no command: what it looks for is all there is of it.
          ...(step.command ? [] : [buildDigest({ ...step.input })]),
        ],
        set: {},
      }),
    ),
    values: {},
    policy: environment.policyParts,
  });
}

function listValuesFiles(components: readonly Component[], values: TemplateValues): readonly string[] {
  return components.flatMap(({ helm }) => (helm?.values ?? []).map(file => fillTemplate(file, values)));
}
