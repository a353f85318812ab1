import type { JsonValue } from '../model/canonicalJson.ts';

/**
 * Takes from `applied` what `before` had and `next` has no more: what a client-side Helm upgrade removes, and what a
 * server-side apply as another kind of manager would leave. Lists are matched by the keys that Kubernetes merges by.
 */
export function removeDroppedFields(values: {
  readonly before: JsonValue;
  readonly next: JsonValue;
  readonly applied: JsonValue;
}): JsonValue {
  const { before, next, applied } = values;
  if (isObject(before) && isObject(next) && isObject(applied)) {
    return Object.fromEntries(
      Object.entries(applied).flatMap(([key, value]): [string, JsonValue][] => {
        const [was, will] = [before[key], next[key]];
        if (value === undefined || (was !== undefined && will === undefined)) {
          return [];
        }
        return [
          [
            key,
            was === undefined || will === undefined
              ? value
              : removeDroppedFields({ before: was, next: will, applied: value }),
          ],
        ];
      }),
    );
  }
  if (Array.isArray(before) && Array.isArray(next) && Array.isArray(applied)) {
    return removeDroppedItems(before, next, applied);
  }
  return applied;
}

type JsonObject = { readonly [key: string]: JsonValue | undefined };

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy : keys of lists in the built-in kinds. */
const mergeKeys = [
  'name',
  'mountPath',
  'devicePath',
  'containerPort',
  'port',
  'topologyKey',
  'ip',
  'uid',
] as const;

function removeDroppedItems(
  before: readonly JsonValue[],
  next: readonly JsonValue[],
  applied: readonly JsonValue[],
): JsonValue {
  const key = mergeKeys.find(candidate =>
    [...before, ...applied].every(item => isObject(item) && item[candidate] !== undefined),
  );
  if (key === undefined) {
    return applied;
  }
  const find = (items: readonly JsonValue[], like: JsonObject) =>
    items.find(item => isObject(item) && item[key] === like[key] && sameProtocol(item, like));
  return applied.flatMap(item => {
    if (!isObject(item)) {
      return [item];
    }
    const was = find(before, item);
    const will = find(next, item);
    if (was !== undefined && will === undefined) {
      return [];
    }
    return was === undefined || will === undefined
      ? [item]
      : [removeDroppedFields({ before: was, next: will, applied: item })];
  });
}

/** Ports are told apart by their protocol, too. */
function sameProtocol(left: JsonObject, right: JsonObject): boolean {
  return (left['protocol'] ?? 'TCP') === (right['protocol'] ?? 'TCP');
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
