import { anyone, type Check, type Checklist, type CheckProof, type CheckScope } from '../../model/check.ts';
import { buildDigest } from '../../model/digest.ts';
import type { CheckFile } from './checklistSchema.ts';
import type { ProcedureFile } from './procedureSchema.ts';

/** Builds a checklist of the file with the people behind its roles. */
export function buildChecklist(file: ProcedureFile, name: string): Checklist {
  return { name, checks: (file.checklists?.[name] ?? []).map(check => buildCheck(file, check)) };
}

/** The id of a check: made from its text alone, so that it stays when the list is put in another order. */
export function buildCheckId(check: CheckFile): string {
  const text = typeof check === 'string' ? check : check.check;
  return `c-${buildDigest({ check: text }).slice(3, 19)}`;
}

function buildCheck(file: ProcedureFile, check: CheckFile): Check {
  const probe = findProbe(check);
  const given = typeof check === 'string' ? undefined : check.scope;
  return {
    id: buildCheckId(check),
    text: typeof check === 'string' ? check : check.check,
    scope: given ?? usualScopes[probe],
    proof: buildProof(file, check, probe),
  };
}

function buildProof(file: ProcedureFile, check: CheckFile, probe: Probe): CheckProof {
  if (typeof check === 'string' || !('tick' in check)) {
    return { kind: 'probe', probe };
  }
  const people = check.tick === anyone ? [] : (file.people?.[check.tick] ?? []);
  // Groups and commands are not looked up on this machine: whoever they name cannot be known here.
  const known = people.filter(person => typeof person === 'string' && !person.startsWith('group:'));
  return { kind: 'tick', role: check.tick, people: known as readonly string[] };
}

/** What each probe is good for where the file does not say: of the release, of a place, or of one occasion. */
const usualScopes = {
  tick: 'environment',
  junit: 'release',
  sarif: 'release',
  flyway: 'release',
  file: 'release',
  backup: 'environment',
  kubernetes: 'environment',
  command: 'environment',
  notice: 'promotion',
  health: 'promotion',
  metrics: 'promotion',
  errors: 'promotion',
  'release-notes': 'release',
  changelog: 'release',
  runbooks: 'release',
  report: 'promotion',
} as const satisfies Readonly<Record<string, CheckScope>>;

type Probe = keyof typeof usualScopes;

function findProbe(check: CheckFile): Probe {
  if (typeof check === 'string') {
    return check;
  }
  const probe = (Object.keys(usualScopes) as Probe[]).find(name => name in check);
  if (!probe) {
    throw new Error(`the check "${check.check}" names no probe`);
  }
  return probe;
}
