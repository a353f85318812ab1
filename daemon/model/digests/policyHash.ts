import { buildCanonicalJson, type JsonValue } from '../canonicalJson.ts';
import { buildDigest, type Digest } from '../digest.ts';
import type { DigestPart } from './digestParts.ts';

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
  const { environment, gates, roles, checklists } = sortLists(policy);
  return buildDigest({ policy: environment, gates, roles, checklists });
}

/** The parts of an environment's policy, so that a change is named: `windows`, `role pm`, `checklist pre-deployment`. */
export function buildPolicyParts(policy: EnvironmentPolicy): readonly DigestPart[] {
  const { gates, roles, checklists } = sortLists(policy);
  const of = (values: EnvironmentPolicy['gates'], prefix: string) =>
    Object.entries(values).flatMap(([name, value]): readonly DigestPart[] =>
      value === undefined ? [] : [{ part: 'policy', name: `${prefix}${name}`, value: buildDigest(value) }],
    );
  return [...of(gates, ''), ...of(roles, 'role '), ...of(checklists, 'checklist ')];
}

/** Lists whose order says nothing: moving a check up is no other policy. The order of a command's words stays. */
const unordered: ReadonlySet<string> = new Set([
  'afterwards',
  'approvals.roles',
  'emergency.for',
  'emergency.roles',
  'freeze',
  'windows',
]);

function sortLists(policy: EnvironmentPolicy): EnvironmentPolicy {
  const sortAll = (values: EnvironmentPolicy['roles']) => mapValues(values, sortList);
  return {
    environment: policy.environment,
    gates: mapValues(policy.gates, (value, key) =>
      unordered.has(key)
        ? sortList(value)
        : isObject(value)
          ? mapValues(value, (inner, name) => (unordered.has(`${key}.${name}`) ? sortList(inner) : inner))
          : value,
    ),
    roles: sortAll(policy.roles),
    checklists: sortAll(policy.checklists),
  };
}

function sortList(value: JsonValue): JsonValue {
  return Array.isArray(value)
    ? value
        .map((item: JsonValue) => ({ item, key: buildCanonicalJson(item) }))
        .toSorted((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
        .map(({ item }) => item)
    : value;
}

function mapValues(
  values: Readonly<Record<string, JsonValue | undefined>>,
  change: (value: JsonValue, key: string) => JsonValue,
): Readonly<Record<string, JsonValue | undefined>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value === undefined ? value : change(value, key)]),
  );
}

function isObject(value: JsonValue): value is Readonly<Record<string, JsonValue | undefined>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
