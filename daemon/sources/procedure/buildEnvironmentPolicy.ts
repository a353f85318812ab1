import type { JsonValue } from '../../model/canonicalJson.ts';
import type { EnvironmentPolicy } from '../../model/digests/policyHash.ts';
import type { EnvironmentFile } from './environmentSchema.ts';
import { environmentKeyEffects } from './policyTable.ts';
import type { ProcedureFile } from './procedureSchema.ts';

/**
 * Picks what decides about an environment out of the file: its policy keys, the roles that they and their
 * checklists name with the people in them, and those checklists; nothing else of the file.
 */
export function buildEnvironmentPolicy(
  file: ProcedureFile,
  name: string,
  environment: EnvironmentFile,
): EnvironmentPolicy {
  const keys = (Object.keys(environmentKeyEffects) as (keyof EnvironmentFile)[]).filter(
    key => environmentKeyEffects[key].policy,
  );
  const checklists = pick(file.checklists ?? {}, [environment.checklist, ...(environment.afterwards ?? [])]);
  const ticks = Object.values(checklists)
    .flat()
    .flatMap(check => (typeof check !== 'string' && 'tick' in check ? [check.tick] : []));
  const roles = pick(file.people ?? {}, [
    ...(environment.approvals?.roles ?? []),
    ...(environment.emergency?.roles ?? []),
    environment.validation?.role,
    ...ticks,
  ]);
  return {
    environment: name,
    gates: toJson(pick(environment, keys)),
    roles: toJson(roles),
    checklists: toJson(checklists),
  };
}

function pick<T extends object, K extends keyof T & string>(
  values: T,
  keys: readonly (K | undefined)[],
): Readonly<Record<string, NonNullable<T[K]>>> {
  return Object.fromEntries(
    keys.flatMap(key =>
      key !== undefined && Object.hasOwn(values, key) ? [[key, values[key] as NonNullable<T[K]>]] : [],
    ),
  );
}

// The file came from YAML, whose values are JSON's.
function toJson(values: Readonly<Record<string, unknown>>): Readonly<Record<string, JsonValue>> {
  return values as Readonly<Record<string, JsonValue>>;
}
