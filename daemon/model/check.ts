import type { Digest } from './digest.ts';
import type { DigestPart } from './digests/digestParts.ts';

/** What a tick is good for: this release everywhere, this plan in one environment, or one promotion. */
export const checkScopes = ['release', 'environment', 'promotion'] as const;

/** What a tick is good for. */
export type CheckScope = (typeof checkScopes)[number];

/** The role that everybody has: whoever acts on this machine. */
export const anyone = 'anyone';

/** What proves a check: a person's tick, or a probe that this version does not have yet. */
export type CheckProof =
  | {
      readonly kind: 'tick';
      readonly role: string;
      /** Who has the role, as `people:` names them; empty for `anyone`. */
      readonly people: readonly string[];
    }
  | { readonly kind: 'probe'; readonly probe: string };

/** An item of a checklist. */
export type Check = {
  /** Made from its text, so that it stays when the list is put in another order. */
  readonly id: string;
  readonly text: string;
  readonly scope: CheckScope;
  readonly proof: CheckProof;
};

/** A checklist that must be complete before a promotion. */
export type Checklist = { readonly name: string; readonly checks: readonly Check[] };

/** A person's word that a check is done, for exactly what its digest covers. */
export type Tick = {
  readonly repositoryId: string;
  readonly checkId: string;
  /** The check's text as it was. */
  readonly check: string;
  readonly scope: CheckScope;
  /** Where it was ticked; a release's tick is good everywhere. */
  readonly environment: string;
  /** The release's version. */
  readonly release: string;
  readonly role: string;
  readonly person: string;
  readonly note?: string;
  readonly digest: Digest;
  readonly parts: readonly DigestPart[];
  /** ISO time in UTC. */
  readonly at: string;
  /** The number of its event. */
  readonly sequence: number;
};

/** True when a person may tick a check and take a tick back. */
export function mayTick(proof: CheckProof, person: string): boolean {
  return proof.kind === 'tick' && (proof.role === anyone || proof.people.includes(person));
}
