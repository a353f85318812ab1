import { createHash } from 'node:crypto';
import { buildCanonicalJson, type JsonValue } from './canonicalJson.ts';

/** `v1:` and 64 hexadecimal digits: the SHA-256 of a value's canonical JSON. */
export type Digest = `v1:${string}`;

/** Digests a value by its canonical JSON. */
export function buildDigest(value: JsonValue): Digest {
  return `v1:${createHash('sha256').update(buildCanonicalJson(value)).digest('hex')}`;
}
