import type { LiveMarks } from '../model/liveMarks.ts';
import type { CommitRange, ImageChange, ObjectChange, PlannedTarget } from '../model/plan.ts';
import type { Component, Environment, HelmMethod } from '../model/procedure.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { planTexts } from '../protocol/plan.ts';
import type { ToolRunner } from '../sources/toolbox.ts';
import type { EnvironmentAccess } from '../watching/environmentAccess.ts';
import type { OpenRepository } from '../watching/openRepository.ts';
import type { RequiredPolicy } from '../watching/repositoryContents.ts';

/** What a plan is built from: everything that was read before it. */
export type PlanContext = {
  readonly planId: string;
  readonly repository: OpenRepository;
  readonly policy: RequiredPolicy;
  readonly environment: Environment;
  readonly access: EnvironmentAccess;
  readonly tools: ToolRunner;
  /** The path of the private kubeconfig that tools get. */
  readonly kubeconfigPath: string;
  readonly signal: AbortSignal;
  /** Sentences about what could not be read, for the plan's warnings. */
  readonly notices: readonly string[];
};

/** A text of a plan's diffs. */
export type PlanTextName = (typeof planTexts)[number];

/** The texts behind a plan's diffs. */
export type PlanTexts = Readonly<Record<PlanTextName, string>>;

/** What the live state adds to a plan. */
export type LivePart = {
  readonly images: readonly ImageChange[];
  readonly objects: readonly ObjectChange[];
  readonly warnings: readonly string[];
  readonly texts: PlanTexts;
  /** What the plan was read from, for the look just before it starts. */
  readonly marks: LiveMarks;
};

/** A range of commits as plans hold it. */
export type PlannedCommits = CommitRange;

/** A component with the method that this version runs. Throws `noMethod`. */
export function requireHelm(component: Component): Component & { readonly helm: HelmMethod } {
  const { helm } = component;
  if (!helm) {
    const methods = component.methods.join(', ') || 'none';
    throw new SlipwayError(
      'noMethod',
      `The component ${component.name} has no method that this version can run (it has: ${methods}).`,
    );
  }
  return { ...component, helm };
}

/** The target of a plan. */
export function buildTarget({ environment, access }: PlanContext): PlannedTarget {
  const { namespace, clusterId, context, server } = access;
  return { environment: environment.name, namespace, clusterId, context, server };
}
