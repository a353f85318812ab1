import type { NamedDigest } from '../model/digests/digestParts.ts';
import type { Gate } from '../model/gate.ts';
import { decideGates } from '../model/gates/decideGates.ts';
import type { GateInput } from '../model/gates/gateInput.ts';
import type { Environment } from '../model/procedure.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { Store } from '../store/store.ts';
import type { OpenRepository } from '../watching/openRepository.ts';
import type { RequiredPolicy } from '../watching/repositoryContents.ts';
import { gatherGateInput } from './gatherGateInput.ts';
import { readPlanDigest } from './readPlanDigest.ts';

/** The gates of a regular promotion that nobody has planned, with what they were decided from. */
export type GatesRead = {
  readonly policy: RequiredPolicy;
  readonly environment: Environment;
  readonly commit: string;
  readonly digests: { readonly release: NamedDigest; readonly plan?: NamedDigest };
  readonly input: GateInput;
  readonly gates: readonly Gate[];
};

/**
 * Decides the gates for a release as everything was read last; neither origin nor cluster is asked.
 * Throws `policyUnavailable`, `unknownEnvironment`, `unknownRelease` or `movedTag`.
 */
export async function readGates(
  sources: { readonly store: Store; readonly repository: OpenRepository },
  about: { readonly environment: string; readonly release: string },
): Promise<GatesRead> {
  const { repository } = sources;
  const policy = repository.contents.requirePolicy();
  const { procedure } = policy;
  const environment = findEnvironment(procedure.environments, about.environment);
  const { version, commit } = repository.contents.findRelease(about.release);
  const releaseDigest = await repository.contents.readReleaseDigest(procedure, { version, commit });
  const { clusterId } = repository.environments.get(environment.name);
  const release = { version, commit, digest: releaseDigest.digest };
  const plan =
    clusterId === undefined
      ? undefined
      : await readPlanDigest(repository.contents, {
          procedure,
          environment,
          release,
          releaseDigest,
          clusterId,
        });
  const digests = { release: releaseDigest, ...(plan ? { plan } : {}) };
  const input = gatherGateInput(sources, {
    environment,
    release,
    kind: 'regular',
    digests,
    ...(clusterId === undefined ? {} : { clusterId }),
  });
  return { policy, environment, commit, digests, input, gates: decideGates(input) };
}

/** An environment by its name. Throws `unknownEnvironment`. */
export function findEnvironment(environments: readonly Environment[], name: string): Environment {
  const environment = environments.find(candidate => candidate.name === name);
  if (!environment) {
    throw new SlipwayError(
      'unknownEnvironment',
      `There is no environment "${name}" in the governing slipway.yaml.`,
    );
  }
  return environment;
}
