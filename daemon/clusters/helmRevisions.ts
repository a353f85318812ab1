import * as z from 'zod';
import { promotionLabel } from '../model/promotionLabel.ts';
import type { HelmRevision } from '../model/rollout.ts';
import { optional } from './optional.ts';

/** A row of Helm's record and the Secret that holds it. */
export type HelmRow = {
  readonly revision: HelmRevision;
  readonly secret: { readonly name: string; readonly uid: string; readonly version: string };
};

/** What Helm's Secrets carry in all versions since 3. */
export const helmSelector = 'owner=helm';

/** Parses the metadata of one of Helm's Secrets into a row; throws for a Secret that is none. */
export function parseHelmRow(object: unknown): HelmRow {
  const { metadata } = secretSchema.parse(object);
  const { labels } = metadata;
  // A new revision inherits modifiedAt from the one before it: the later of the two is the row's own.
  const seconds = Math.max(
    Number(labels.createdAt ?? Number.NaN) || 0,
    Number(labels.modifiedAt ?? Number.NaN) || 0,
  );
  const changedAt = seconds > 0 ? new Date(seconds * 1000) : new Date(metadata.creationTimestamp);
  return {
    revision: {
      release: labels.name,
      namespace: metadata.namespace,
      revision: labels.version,
      status: labels.status,
      changedAt: changedAt.toISOString(),
      ...optional('promotionId', labels[promotionLabel]),
      recordUid: metadata.uid,
    },
    secret: { name: metadata.name, uid: metadata.uid, version: metadata.resourceVersion },
  };
}

/** Groups rows by release, each group newest first. */
export function groupHelmRows(rows: readonly HelmRow[]): ReadonlyMap<string, readonly HelmRow[]> {
  const groups = new Map<string, HelmRow[]>();
  for (const row of [...rows].sort((left, right) => right.revision.revision - left.revision.revision)) {
    const group = groups.get(row.revision.release);
    if (group) {
      group.push(row);
    } else {
      groups.set(row.revision.release, [row]);
    }
  }
  return groups;
}

const secretSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    creationTimestamp: z.string(),
    labels: z.object({
      name: z.string(),
      status: z.string(),
      version: z.coerce.number<string>().int(),
      modifiedAt: z.exactOptional(z.string()),
      createdAt: z.exactOptional(z.string()),
      [promotionLabel]: z.exactOptional(z.string()),
    }),
  }),
});
