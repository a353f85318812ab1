import type { Digest } from '../digest.ts';

/** What a part of a digest can be about. */
export const partKinds = [
  'commit',
  'image',
  'chart',
  'migrations',
  'cluster',
  'namespace',
  'components',
  'method',
  'arguments',
  'set',
  'values',
  'policy',
] as const;

/** A named part of what a digest covers, so that a change is explained by its name. */
export type DigestPart = {
  readonly part: (typeof partKinds)[number];
  /** Which one of its kind: an image, a file, a component, a key; empty where there is only one. */
  readonly name: string;
  /** What it is, or the digest of what it is. */
  readonly value: string;
};

/** A digest with its parts: two of one kind differ exactly when a part differs. */
export type NamedDigest = { readonly digest: Digest; readonly parts: readonly DigestPart[] };

/** Orders parts by kind, name and value in code units: the language of the machine must not change a digest. */
export function sortParts(parts: readonly DigestPart[]): readonly DigestPart[] {
  const key = ({ part, name, value }: DigestPart) => JSON.stringify([part, name, value]);
  return parts.toSorted((left, right) => (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0));
}
