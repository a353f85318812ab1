import type { Check, Tick } from '../../daemon/model/check.ts';
import type { CheckFacts } from '../../daemon/model/decideCheck.ts';
import { buildDigest } from '../../daemon/model/digest.ts';
import type { NamedDigest } from '../../daemon/model/digests/digestParts.ts';

/** A digest with one part of `set:`. */
export function aDigest(replicas = '2'): NamedDigest {
  return {
    digest: buildDigest({ replicas }),
    parts: [{ part: 'set', name: 'replicas of agent', value: replicas }],
  };
}

/** A check that alice, as pm, ticks for an environment. */
export function aCheck(values: Partial<Check> = {}): Check {
  return {
    id: 'c-1',
    text: 'Change request approved',
    scope: 'environment',
    proof: { kind: 'tick', role: 'pm', people: ['alice'] },
    ...values,
  };
}

/** The tick of that check by alice. */
export function aTick(values: Partial<Tick> = {}): Tick {
  return {
    repositoryId: 'repository',
    checkId: 'c-1',
    check: 'Change request approved',
    scope: 'environment',
    environment: 'production',
    release: 'v2.1.0',
    role: 'pm',
    person: 'alice',
    ...aDigest(),
    at: '2026-01-01T00:00:00.000Z',
    sequence: 7,
    ...values,
  };
}

/** What checks of v2.1.0 in production are decided from; nothing is ticked. */
export function someCheckFacts(values: Partial<CheckFacts> = {}): CheckFacts {
  return {
    environment: 'production',
    release: { digest: buildDigest('release'), parts: [{ part: 'commit', name: '', value: 'a'.repeat(40) }] },
    plan: aDigest(),
    ticks: [],
    ...values,
  };
}
