import { buildDigest } from '../digest.ts';
import type { PromotionKind } from '../plan.ts';
import { type DigestPart, type NamedDigest, sortParts } from './digestParts.ts';

/** How one component is brought to an environment, without what only the live cluster knows. */
export type PlannedMethod = {
  readonly component: string;
  /** The method and what is looked at after it: `helm deployment/agent-name#agent`. */
  readonly method: string;
  /** The words of its commands in their order, but for what `set` holds; the promotion's own id is no part of them. */
  readonly words: readonly string[];
  /** What helm's `--set` gets, by key. */
  readonly set: Readonly<Record<string, string>>;
};

/** What a plan digest covers: nothing of it comes from the live cluster. */
export type PlanSubject = {
  readonly kind: PromotionKind;
  readonly environment: string;
  /** The parts of the release digest. */
  readonly release: readonly DigestPart[];
  readonly cluster: { readonly id: string; readonly namespace: string };
  /** In the order in which they are brought there. */
  readonly methods: readonly PlannedMethod[];
  /** Values file to what it holds, or the digest of it. */
  readonly values: Readonly<Record<string, string>>;
  /** The parts of the environment's policy. */
  readonly policy: readonly DigestPart[];
};

/**
 * The digest that approvals and an environment's checks are for: release, environment, cluster, values, method,
 * arguments and policy. The same intent planned twice, on any machine, has the same digest.
 */
export function buildPlanDigest(subject: PlanSubject): NamedDigest {
  const { kind, environment } = subject;
  const parts = sortParts([
    ...subject.release,
    { part: 'cluster', name: '', value: subject.cluster.id },
    { part: 'namespace', name: '', value: subject.cluster.namespace },
    { part: 'components', name: '', value: subject.methods.map(({ component }) => component).join(', ') },
    ...subject.methods.flatMap(buildMethodParts),
    ...Object.entries(subject.values).map(([name, value]): DigestPart => ({ part: 'values', name, value })),
    ...subject.policy,
  ]);
  return { digest: buildDigest({ kind, environment, parts: parts.map(part => ({ ...part })) }), parts };
}

function buildMethodParts({ component, method, words, set }: PlannedMethod): readonly DigestPart[] {
  const order = listOrdered(Object.keys(set));
  return [
    { part: 'method', name: component, value: method },
    { part: 'arguments', name: component, value: JSON.stringify([...words, ...order]) },
    ...Object.entries(set).map(
      ([key, value]): DigestPart => ({ part: 'set', name: `${key} of ${component}`, value }),
    ),
  ];
}

/** The order of keys says nothing, but where one lies inside another: helm lets the later one win. */
function listOrdered(keys: readonly string[]): readonly string[] {
  const isInside = (key: string, other: string) =>
    key !== other && key.startsWith(other) && ['.', '['].includes(key[other.length] ?? '');
  return keys.filter(key => keys.some(other => isInside(key, other) || isInside(other, key)));
}
