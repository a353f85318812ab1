import * as z from 'zod';
import { type Asking, readObject } from './requests.ts';

/** Reads whether a Job is a hook of a chart; only the Job itself says so, its pods do not. */
export async function readIsHook(
  asking: Asking,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<boolean> {
  const path = `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs/${encodeURIComponent(name)}`;
  return hookSchema.safeParse(await readObject(asking, path)).success;
}

const hookSchema = z.object({
  metadata: z.object({ annotations: z.object({ 'helm.sh/hook': z.string() }) }),
});
