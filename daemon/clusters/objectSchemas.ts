import * as z from 'zod';

/** What the metadata of objects of every kind holds. */
export const metadataSchema = z.object({
  uid: z.string(),
  name: z.string(),
  creationTimestamp: z.string(),
  labels: z.exactOptional(z.record(z.string(), z.string())),
  ownerReferences: z.exactOptional(
    z.array(
      z.object({
        uid: z.string(),
        controller: z.exactOptional(z.boolean()),
        kind: z.exactOptional(z.string()),
        name: z.exactOptional(z.string()),
      }),
    ),
  ),
});

/** The conditions in a status. Pods leave out when a condition was looked at last. */
export const conditionsSchema = z.array(
  z.object({
    type: z.string(),
    status: z.string(),
    reason: z.exactOptional(z.string()),
    message: z.exactOptional(z.string()),
    lastTransitionTime: z.nullish(z.string()),
    lastUpdateTime: z.nullish(z.string()),
  }),
);

/** The uid of the controller that made an object; others may own it too. */
export function findOwnerUid(metadata: z.infer<typeof metadataSchema>): string | undefined {
  return findController(metadata)?.uid;
}

/** The name of the Job that made an object; `undefined` where something else did. */
export function findJobName(metadata: z.infer<typeof metadataSchema>): string | undefined {
  const controller = findController(metadata);
  return controller?.kind === 'Job' ? controller.name : undefined;
}

function findController({ ownerReferences }: z.infer<typeof metadataSchema>) {
  return ownerReferences?.find(reference => reference.controller);
}
