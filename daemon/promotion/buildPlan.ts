import { buildDigest } from '../model/digest.ts';
import type { NamedDigest } from '../model/digests/digestParts.ts';
import type { Gate } from '../model/gate.ts';
import type { LiveMarks } from '../model/liveMarks.ts';
import type { CommitRange, Plan, PlannedRelease } from '../model/plan.ts';
import type { Procedure } from '../model/procedure.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { buildTarget, type LivePart, type PlanContext, type PlanTexts } from './planContext.ts';
import { planRollback } from './planRollback.ts';
import { planUpgrade } from './planUpgrade.ts';
import { buildRollbackDigest, readPlanDigest } from './readPlanDigest.ts';

/** A plan and what stays in memory of it: the texts behind its diffs, and what it was read from. */
export type BuiltPlan = {
  readonly plan: Plan;
  readonly texts: PlanTexts;
  readonly procedure: Procedure;
  /** What its release digest and its own digest cover, by name. */
  readonly digests: PlanDigests;
  /** One for each component. */
  readonly marks: readonly LiveMarks[];
};

/** The digests that ticks and approvals are for. */
export type PlanDigests = { readonly release: NamedDigest; readonly plan: NamedDigest };

type Part = LivePart & { readonly steps: Plan['steps'] };

/** Decides the gates of a release at this moment. */
export type GateDecision = (release: PlannedRelease, digests: PlanDigests) => readonly Gate[];

/** Builds the plan of a regular promotion. */
export async function buildUpgradePlan(
  context: PlanContext,
  version: string,
  decideGates: GateDecision,
): Promise<BuiltPlan> {
  const { policy, repository } = context;
  const { commit } = repository.contents.findRelease(version);
  const releaseDigest = await repository.contents.readReleaseDigest(policy.procedure, { version, commit });
  const release = { version, commit, digest: releaseDigest.digest };
  const parts: Part[] = [];
  for (const component of policy.procedure.components) {
    parts.push(await planUpgrade(context, component, release));
  }
  const plan = await readPlanDigest(repository.contents, {
    procedure: policy.procedure,
    environment: context.environment,
    release: { version, commit },
    releaseDigest,
    clusterId: context.access.clusterId,
  });
  const digests = { release: releaseDigest, plan };
  return complete(context, { kind: 'regular', release, digests, parts, decideGates });
}

/** Builds the plan of the way back. */
export async function buildRollbackPlan(context: PlanContext, decideGates: GateDecision): Promise<BuiltPlan> {
  const { policy, repository } = context;
  const parts: Part[] = [];
  let version: string | undefined;
  // What was brought last goes back first.
  const stays: SlipwayError[] = [];
  for (const component of policy.procedure.components.toReversed()) {
    const part = await planRollback(context, component).catch(error => keepAsItIs(error, stays));
    if (part) {
      version ??= part.version;
      parts.push(part);
    }
  }
  const [first] = stays;
  if (parts.length === 0 && first) {
    throw first;
  }
  const known = version === undefined ? undefined : repository.contents.lookUpRelease(version);
  const releaseDigest = known
    ? await repository.contents.readReleaseDigest(policy.procedure, known)
    : buildUnknownRelease(
        version,
        parts.flatMap(part => part.images.map(image => image.after)),
      );
  const release: PlannedRelease = {
    version: version ?? 'nothing',
    commit: known?.commit ?? '',
    digest: releaseDigest.digest,
  };
  const notices = stays.map(({ message }) => `${message} It stays as it is.`);
  const notified = { ...context, notices: [...context.notices, ...notices] };
  const plan = buildRollbackDigest({
    promotionId: context.planId,
    environment: context.environment,
    releaseDigest,
    target: context.access,
    steps: parts.flatMap(part => part.steps),
  });
  const digests = { release: releaseDigest, plan };
  return complete(notified, { kind: 'rollback', release, digests, parts, decideGates });
}

/** What runs without being one of our releases: all that is known of it are its version and its images. */
function buildUnknownRelease(version: string | undefined, images: readonly string[]): NamedDigest {
  return {
    digest: buildDigest({ version: version ?? null, images }),
    parts: images.map(image => ({ part: 'image', name: image, value: version ?? '' })),
  };
}

/** A component without an earlier good revision does not keep the others from going back. */
function keepAsItIs(error: unknown, stays: SlipwayError[]): undefined {
  if (error instanceof SlipwayError && error.code === 'noGoodRevision') {
    stays.push(error);
    return;
  }
  throw error;
}

async function complete(
  context: PlanContext,
  input: {
    readonly kind: Plan['kind'];
    readonly release: PlannedRelease;
    readonly digests: PlanDigests;
    readonly parts: readonly Part[];
    readonly decideGates: GateDecision;
  },
): Promise<BuiltPlan> {
  const { kind, release, digests, parts } = input;
  const { environment, policy, planId, repository } = context;
  const steps = parts.flatMap(part => part.steps);
  if (steps.length === 0) {
    throw new SlipwayError('noMethod', 'The procedure has no component that can be promoted.');
  }
  const plan: Plan = {
    id: planId,
    digest: digests.plan.digest,
    kind,
    repositoryId: repository.id,
    procedure: policy.procedure.name,
    release,
    target: buildTarget(context),
    policy: {
      hash: environment.policyHash,
      from: policy.from,
      commit: policy.commit,
      ...(policy.advice === undefined ? {} : { advice: policy.advice }),
    },
    steps,
    images: parts.flatMap(part => part.images),
    commits: await readCommits(context, release),
    objects: parts.flatMap(part => part.objects),
    warnings: [
      ...new Set([
        ...context.notices,
        ...describeCluster(context),
        ...describeSight(context),
        ...parts.flatMap(part => part.warnings),
      ]),
    ],
    gates: input.decideGates(release, digests),
    confirmation: kind === 'regular' && isLive(context) ? 'typeEnvironment' : 'modal',
    readAt: new Date().toISOString(),
  };
  const join = (name: keyof PlanTexts) => parts.map(part => part.texts[name]).join('---\n');
  const texts = {
    storedManifest: join('storedManifest'),
    newManifest: join('newManifest'),
    liveObjects: join('liveObjects'),
    appliedObjects: join('appliedObjects'),
  };
  return { plan, texts, procedure: policy.procedure, digests, marks: parts.map(part => part.marks) };
}

/** The commits between what runs by the workload's image and the release. */
async function readCommits(context: PlanContext, release: PlannedRelease): Promise<CommitRange> {
  const { repository, environment } = context;
  if (release.commit === '') {
    return { to: release.version, direction: 'unrelated', commits: [], total: 0 };
  }
  const running = repository.environments.view(environment.name)?.running[0]?.version;
  const from = running === undefined ? undefined : repository.contents.lookUpRelease(running)?.commit;
  const { direction, commits, total } = await repository.contents.compareCommits(from, release.commit);
  return {
    to: release.version,
    ...(running === undefined ? {} : { from: running }),
    // The same commit again brings nothing.
    direction: direction === 'same' ? 'forward' : direction,
    commits,
    total,
  };
}

/** Without an id in the file the context that a person once picked decides which cluster it is. */
function describeCluster({ environment, access }: PlanContext): readonly string[] {
  return environment.cluster?.id === undefined
    ? [
        `slipway.yaml does not name the cluster of ${environment.name}: add "id: ${access.clusterId}" to its cluster, ` +
          'so that everybody promotes to the same one.',
      ]
    : [];
}

/** Whoever may write objects and not watch pods would see helm wait in vain for what is ready. */
function describeSight({ repository, environment }: PlanContext): readonly string[] {
  const { state, reason } = repository.environments.view(environment.name)?.connection ?? {};
  return state === 'forbidden' && reason !== undefined
    ? [`${reason} Without these rights neither helm nor Slipway can see whether the rollout is ready.`]
    : [];
}

function isLive({ environment }: PlanContext): boolean {
  return environment.data === 'live' || environment.guarded;
}
