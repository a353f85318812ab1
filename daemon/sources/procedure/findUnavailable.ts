import type { UnavailablePolicy } from '../../model/procedure.ts';
import { buildChecklist } from './buildChecklist.ts';
import {
  environmentKeyEffects,
  type KeyEffect,
  methodEffects,
  procedureKeyEffects,
  releaseKeyEffects,
} from './policyTable.ts';
import type { ProcedureFile } from './procedureSchema.ts';
import type { WeighedFinding } from './report.ts';
import type { YamlPath } from './yamlPositions.ts';

/** The keys of a file that this version cannot check, by the environment that each holds. */
export type Unavailable = ReadonlyMap<string, readonly UnavailablePolicy[]>;

type Hold = {
  readonly path: YamlPath;
  readonly kind: UnavailablePolicy['kind'];
  readonly environments: readonly string[];
};

/** Finds, for each environment, the keys that become gates which hold. */
export function findUnavailable(file: ProcedureFile): Unavailable {
  const holds = listHolds(file);
  return new Map(
    Object.keys(file.environments).map(name => [
      name,
      holds
        .filter(hold => hold.environments.includes(name))
        .map(hold => ({ kind: hold.kind, path: hold.path.map(String).join('.') })),
    ]),
  );
}

/** Says at each key that this version cannot check, or does nothing with, what follows from that. */
export function describeUnavailable(file: ProcedureFile): readonly WeighedFinding[] {
  const said = (path: YamlPath, message: string): WeighedFinding => ({
    severity: 'information',
    path,
    at: 'key',
    message,
  });
  return [
    ...listHolds(file).map(hold =>
      said(hold.path, `not available yet: promotions to ${listNames(hold.environments)} are held.`),
    ),
    ...listProbeHolds(file).map(({ path, probe, environments }) =>
      said(
        path,
        `${probe} is not available yet: the check is unknown, and promotions to ${listNames(environments)} are held.`,
      ),
    ),
    ...listLater(file).map(({ path, missing }) => said(path, `not available yet: ${missing}`)),
  ];
}

function listHolds(file: ProcedureFile): readonly Hold[] {
  return [...listEnvironmentHolds(file), ...listDatabaseHolds(file), ...listMethodHolds(file)];
}

function listEnvironmentHolds(file: ProcedureFile): readonly Hold[] {
  return Object.entries(file.environments).flatMap(([name, environment]) =>
    (Object.keys(environmentKeyEffects) as (keyof typeof environmentKeyEffects)[]).flatMap(key => {
      const effect = environmentKeyEffects[key];
      const value = environment[key];
      if (effect.effect !== 'holds' || value === undefined || value === effect.unless) {
        return [];
      }
      return [{ path: ['environments', name, key], kind: effect.gate, environments: [name] }];
    }),
  );
}

/**
 * The top-level database holds where its migrations would run first, and everywhere when no environment names
 * a database; where one does, that key holds already.
 */
function listDatabaseHolds(file: ProcedureFile): readonly Hold[] {
  const effect = procedureKeyEffects.database;
  if (!file.database || effect.effect !== 'holds') {
    return [];
  }
  const names = Object.keys(file.environments);
  const withDatabase = names.filter(name => file.environments[name]?.database);
  const first = file.database.first;
  const held =
    withDatabase.length === 0 && first === undefined ? names : names.filter(name => name === first);
  const environments = held.filter(name => !withDatabase.includes(name));
  return environments.length === 0 ? [] : [{ path: ['database'], kind: effect.gate, environments }];
}

/** The method that a component prefers in regular promotions holds where it is not built. */
function listMethodHolds(file: ProcedureFile): readonly Hold[] {
  const environments = Object.keys(file.environments);
  return Object.entries(file.components).flatMap(([name, component]) => {
    const path = ['components', name, 'methods'];
    const methods = Object.keys(component.methods) as (keyof typeof component.methods)[];
    const preferred = methods.find(
      method => method !== 'kubectl' || component.methods.kubectl?.only !== 'emergency',
    );
    if (preferred === undefined) {
      return [{ path, kind: 'unverifiable', environments }];
    }
    const effect = methodEffects[preferred];
    return effect.effect === 'holds' ? [{ path: [...path, preferred], kind: effect.gate, environments }] : [];
  });
}

/** The checks of a checklist in use that no person ticks. */
function listProbeHolds(
  file: ProcedureFile,
): readonly { readonly path: YamlPath; readonly probe: string; readonly environments: readonly string[] }[] {
  return Object.entries(file.checklists ?? {}).flatMap(([name, checks]) => {
    const environments = Object.entries(file.environments).flatMap(([environment, { checklist }]) =>
      checklist === name ? [environment] : [],
    );
    return buildChecklist(file, name).checks.flatMap(({ proof }, index) => {
      const check = checks[index];
      return proof.kind === 'tick' || environments.length === 0
        ? []
        : [
            {
              path: ['checklists', name, index, ...(typeof check === 'string' ? [] : [proof.probe])],
              probe: proof.probe,
              environments,
            },
          ];
    });
  });
}

function listLater(file: ProcedureFile): readonly { readonly path: YamlPath; readonly missing: string }[] {
  return [
    ...ofKeys([], file, procedureKeyEffects),
    ...ofKeys(['releases'], file.releases ?? {}, releaseKeyEffects),
    ...Object.entries(file.environments).flatMap(([name, environment]) =>
      ofKeys(['environments', name], environment, environmentKeyEffects),
    ),
  ];
}

function ofKeys(
  path: YamlPath,
  values: Readonly<Record<string, unknown>>,
  effects: Readonly<Record<string, KeyEffect>>,
): readonly { readonly path: YamlPath; readonly missing: string }[] {
  return Object.entries(effects).flatMap(([key, effect]) =>
    effect.effect === 'later' && values[key] !== undefined
      ? [{ path: [...path, key], missing: effect.missing }]
      : [],
  );
}

function listNames(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
