import type { JsonValue } from '../canonicalJson.ts';
import { buildDigest, type Digest } from '../digest.ts';

/** The policy of one environment as its file says it: what decides whether a promotion may go there. */
export type EnvironmentPolicy = {
  readonly environment: string;
  /** The environment's own policy keys with their values, as written. */
  readonly gates: Readonly<Record<string, JsonValue | undefined>>;
  /** The roles that the gates and checklists name, with the people in them. */
  readonly roles: Readonly<Record<string, JsonValue | undefined>>;
  /** The checklists that the gates name. */
  readonly checklists: Readonly<Record<string, JsonValue | undefined>>;
};

/** Hashes an environment's policy; a plan carries it, and a plan whose policy has changed is void. */
export function buildPolicyHash(policy: EnvironmentPolicy): Digest {
  return buildDigest({
    policy: policy.environment,
    gates: policy.gates,
    roles: policy.roles,
    checklists: policy.checklists,
  });
}
