import { anyone, type Check, type CheckProof, mayTick, type Tick } from './check.ts';
import { listDigestChanges } from './digests/digestChanges.ts';
import type { NamedDigest } from './digests/digestParts.ts';
import type { GateState } from './gate.ts';

/** What the checks of one release in one environment are decided from: facts of one instant. */
export type CheckFacts = {
  readonly environment: string;
  readonly release: NamedDigest;
  /** Absent when nobody knows yet which cluster the environment is. */
  readonly plan?: NamedDigest;
  /** The ticks that were given for this release here, and for the release everywhere. */
  readonly ticks: readonly Tick[];
  /** The last promotion of this release there that was no rollback; it has used up the ticks of scope `promotion`. */
  readonly lastStarted?: StartedPromotion;
};

/** A promotion that was started. */
export type StartedPromotion = {
  readonly promotionId: string;
  readonly person: string;
  /** ISO time in UTC. */
  readonly at: string;
  /** The number of its first event. */
  readonly sequence: number;
};

/** How a check stands. */
export type CheckStatus = {
  readonly check: Check;
  readonly state: GateState;
  /** Why, as one sentence. */
  readonly reason: string;
  /** Who or what can clear it and how; absent when it passes. */
  readonly next?: string;
  /** What a tick given now would be for; absent where nobody can tick it now. */
  readonly digest?: NamedDigest;
  /** The tick that makes it pass. */
  readonly tick?: Tick;
  /** A tick that does not count any more, and why. */
  readonly voided?: { readonly tick: Tick; readonly why: string };
};

/** Decides how a check stands. A tick counts for the digest it was given for, and for nothing else. */
export function decideCheck(check: Check, facts: CheckFacts): CheckStatus {
  const { proof } = check;
  if (proof.kind === 'probe') {
    return {
      check,
      state: 'unknown',
      reason: `It is proven by ${proof.probe}, which this version of Slipway cannot check: not available yet.`,
      next: 'Make it a check that a person ticks (tick: ROLE), or update Slipway when the probe is available.',
    };
  }
  const digest = check.scope === 'release' ? facts.release : facts.plan;
  if (!digest) {
    return {
      check,
      state: 'unknown',
      reason: `slipway.yaml names no cluster for ${facts.environment} and nobody has connected it, so nobody can say what a tick would be for.`,
      next: `Connect ${facts.environment} first.`,
    };
  }
  const tick = facts.ticks.find(
    candidate => candidate.checkId === check.id && candidate.scope === check.scope,
  );
  const next = `${describePeople(proof)} can tick it.`;
  if (!tick) {
    return { check, state: 'hold', reason: 'Nobody has ticked it yet.', next, digest };
  }
  const why = findVoid(tick, { check, digest, facts });
  return why === undefined
    ? { check, state: 'pass', reason: `${tick.person} ticked it at ${tick.at}.`, digest, tick }
    : {
        check,
        state: 'hold',
        reason: `The tick by ${tick.person} of ${tick.at} is void: ${why}.`,
        next: `${describePeople(proof)} can look again and tick it anew.`,
        digest,
        voided: { tick, why },
      };
}

/** Who can tick a check, for people. */
export function describePeople(proof: CheckProof): string {
  if (proof.kind !== 'tick') {
    return 'Nobody';
  }
  if (proof.role === anyone) {
    return 'Anyone';
  }
  return `${proof.role} (${proof.people.join(', ') || 'nobody that this machine can know'})`;
}

/** Why a tick does not count; `undefined` when it does. */
function findVoid(
  tick: Tick,
  now: { readonly check: Check; readonly digest: NamedDigest; readonly facts: CheckFacts },
): string | undefined {
  const { check, digest, facts } = now;
  if (tick.digest !== digest.digest) {
    const changes = listDigestChanges(tick.parts, digest.parts).join('; ');
    return `since then this changed: ${changes || 'what this version of Slipway digests'}`;
  }
  if (!mayTick(check.proof, tick.person)) {
    return `${tick.person} is not in the role that must tick it any more`;
  }
  const { lastStarted } = facts;
  if (check.scope === 'promotion' && lastStarted && lastStarted.sequence > tick.sequence) {
    return `it was good for one promotion, and ${lastStarted.person} started ${lastStarted.promotionId} at ${lastStarted.at}`;
  }
  return undefined;
}
