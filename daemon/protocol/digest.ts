import * as z from 'zod';
import { type DigestPart, type NamedDigest, partKinds } from '../model/digests/digestParts.ts';

/** A digest as it travels. */
export const digestSchema = z.templateLiteral(['v1:', z.string().regex(/^[0-9a-f]{64}$/)]);

/** A named part of a digest as it travels. */
export const digestPartSchema: z.ZodType<DigestPart> = z.object({
  part: z.enum(partKinds),
  name: z.string(),
  value: z.string(),
});

/** A digest with its parts as it travels. */
export const namedDigestSchema: z.ZodType<NamedDigest> = z.object({
  digest: digestSchema,
  parts: z.array(digestPartSchema),
});

export type { DigestPart, NamedDigest } from '../model/digests/digestParts.ts';
