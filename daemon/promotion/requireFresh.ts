import { listDigestChanges } from '../model/digests/digestChanges.ts';
import { listDrift } from '../model/liveMarks.ts';
import type { Plan } from '../model/plan.ts';
import type { Environment, Procedure } from '../model/procedure.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { EnvironmentAccess } from '../watching/environmentAccess.ts';
import type { OpenRepository } from '../watching/openRepository.ts';
import { readLiveMarks } from '../watching/readLiveMarks.ts';
import type { RequiredPolicy } from '../watching/repositoryContents.ts';
import type { BuiltPlan } from './buildPlan.ts';
import { readPlanDigest } from './readPlanDigest.ts';

/**
 * Looks at what a plan was read from, just before it starts: policy, release, cluster, Helm's newest revisions and the
 * images of the workloads. A few milliseconds, since nothing is rendered. Throws `planStale` with what changed by name,
 * and whatever keeps the look from being taken. Answers the environment as the policy has it now, and the
 * way to its cluster.
 */
export async function requireFresh(
  repository: OpenRepository,
  built: BuiltPlan,
  signal: AbortSignal,
): Promise<{ readonly environment: Environment; readonly access: EnvironmentAccess }> {
  const { plan } = built;
  const isRegular = plan.kind !== 'rollback';
  const [inFiles, inCluster] = await Promise.all([
    readFileChanges(repository, built, { isRegular }),
    readClusterChanges(repository, built, signal),
  ]);
  const changes = [...inFiles.changes, ...inCluster.changes];
  if (changes.length > 0) {
    throw new SlipwayError('planStale', `Since the plan was read this changed: ${changes.join('; ')}.`, {
      details: { plan: plan.id },
    });
  }
  return { environment: inFiles.environment, access: inCluster.access };
}

async function readFileChanges(
  repository: OpenRepository,
  built: BuiltPlan,
  { isRegular }: { readonly isRegular: boolean },
): Promise<{ readonly environment: Environment; readonly changes: readonly string[] }> {
  const { plan, procedure } = built;
  await repository.catchUp(isRegular ? plan.release.version : undefined);
  const policy = repository.contents.requirePolicy();
  repository.requireTrust();
  const name = plan.target.environment;
  const environment = policy.procedure.environments.find(candidate => candidate.name === name);
  if (!environment) {
    throw new SlipwayError('planStale', `${policy.from} has no environment ${name} any more.`);
  }
  const changes = [
    ...(environment.policyHash === plan.policy.hash ? [] : [`the policy of ${name} in ${policy.from}`]),
    ...(policy.commit === plan.policy.commit ? [] : listProcedureChanges(procedure, policy, name)),
    ...(isRegular ? await listReleaseChanges(repository, plan, policy) : []),
  ];
  // Ticks were given for the plan's digest: that it is still the one of today is not left to the list above.
  const missed =
    changes.length === 0 && isRegular && policy.commit !== plan.policy.commit
      ? await listDigestDrift(repository, built, { procedure: policy.procedure, environment })
      : [];
  return { environment, changes: [...changes, ...missed] };
}

async function listDigestDrift(
  repository: OpenRepository,
  { plan, digests }: BuiltPlan,
  now: { readonly procedure: Procedure; readonly environment: Environment },
): Promise<readonly string[]> {
  const { release, target } = plan;
  const releaseDigest = await repository.contents.readReleaseDigest(now.procedure, release);
  const { digest, parts } = await readPlanDigest(repository.contents, {
    ...now,
    release,
    releaseDigest,
    clusterId: target.clusterId,
  });
  return digest === plan.digest ? [] : listDigestChanges(digests.plan.parts, parts);
}

/** What decides about commands stands outside the policy hash. */
function listProcedureChanges(
  before: Procedure,
  { procedure, from }: RequiredPolicy,
  name: string,
): readonly string[] {
  const differs = (pick: (procedure: Procedure) => unknown) =>
    JSON.stringify(pick(before)) !== JSON.stringify(pick(procedure));
  const where = (of: Procedure) => of.environments.find(environment => environment.name === name)?.cluster;
  return [
    ...(differs(({ components }) => components) ? [`the components in ${from}`] : []),
    ...(differs(({ releases }) => releases.images) ? [`the images of releases in ${from}`] : []),
    ...(differs(where) ? [`the cluster or namespace of ${name} in ${from}`] : []),
  ];
}

async function listReleaseChanges(
  repository: OpenRepository,
  plan: Plan,
  policy: RequiredPolicy,
): Promise<readonly string[]> {
  const { version, commit, digest } = plan.release;
  const release = repository.contents.findRelease(version);
  if (release.commit !== commit) {
    return [`the commit of ${version} (was ${commit.slice(0, 7)}, is ${release.commit.slice(0, 7)})`];
  }
  // The same commit read by the same procedure is the same release.
  const same =
    policy.commit === plan.policy.commit ||
    (await repository.contents.readReleaseDigest(policy.procedure, release)).digest === digest;
  return same ? [] : [`what the release ${version} is made of`];
}

async function readClusterChanges(
  repository: OpenRepository,
  { plan, marks }: BuiltPlan,
  signal: AbortSignal,
): Promise<{ readonly access: EnvironmentAccess; readonly changes: readonly string[] }> {
  const { access, answer } = await repository.environments
    .get(plan.target.environment)
    .accessWhile(
      place =>
        Promise.all(marks.map(async before => listDrift(before, await readLiveMarks(place, before, signal)))),
      signal,
    );
  const isElsewhere =
    access.clusterId !== plan.target.clusterId || access.namespace !== plan.target.namespace;
  return {
    access,
    changes: isElsewhere ? [`the cluster or namespace of ${plan.target.environment}`] : answer.flat(),
  };
}
