import type { JsonValue } from '../canonicalJson.ts';
import { buildDigest, type Digest } from '../digest.ts';
import type { Plan } from '../plan.ts';

/** What a plan digest covers; computable without the cluster. */
export type PlanDigestInput = {
  readonly promotionId: string;
  readonly kind: Plan['kind'];
  readonly releaseDigest: Digest;
  readonly environment: string;
  readonly clusterId: string;
  readonly policyHash: Digest;
  /** The values files' contents by name, at the release's commit. */
  readonly values: Readonly<Record<string, string>>;
  readonly steps: Plan['steps'];
};

/**
 * The digest that an approval is for: release digest, environment, cluster, merged values, method, policy hash and
 * argument lists. Numbers of live revisions stay outside, and the promotion's own id is taken out of the arguments,
 * so that the same intent planned twice has the same digest.
 */
export function buildPlanDigest(input: PlanDigestInput): Digest {
  const { promotionId, steps, ...rest } = input;
  const commands: JsonValue = steps.map(step => ({
    kind: step.kind,
    ...(step.command
      ? {
          tool: step.command.tool,
          args: step.command.args.map(argument => argument.text.replaceAll(promotionId, '{promotion}')),
        }
      : {}),
  }));
  return buildDigest({ ...rest, values: { ...rest.values }, commands });
}
