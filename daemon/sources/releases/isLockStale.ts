import { createHash } from 'node:crypto';
import * as z from 'zod';

/**
 * True when a Chart.lock was made for other dependencies than its Chart.yaml names, as `helm dependency build` finds it
 * (helm 4.3.1, `resolver.HashReq`): helm itself installs what lies in charts/, whatever both say. What cannot be told
 * counts as fresh.
 */
export function isLockStale(chart: unknown, lock: unknown): boolean {
  const [wanted, locked] = [chartSchema.safeParse(chart), lockSchema.safeParse(lock)];
  if (!wanted.success || !locked.success) {
    return false;
  }
  const pair = [wanted.data.dependencies, locked.data.dependencies].map(list => list.map(writeInOrder));
  const text = JSON.stringify(pair);
  // Go writes these in its own way.
  return !/[<>&\u2028\u2029]/.test(text) && `sha256:${digest(text)}` !== locked.data.digest;
}

const text = z.exactOptional(z.string());
const dependencySchema = z.strictObject({
  name: z.string(),
  version: text,
  repository: z._default(z.string(), ''),
  condition: text,
  tags: z.exactOptional(z.array(z.string())),
  enabled: z.exactOptional(z.boolean()),
  'import-values': z.exactOptional(z.array(z.string())),
  alias: text,
});
const chartSchema = z.object({ apiVersion: z.literal('v2'), dependencies: z.array(dependencySchema) });
const lockSchema = z.object({ digest: z.string().min(1), dependencies: z.array(dependencySchema) });

/** In the order of helm's own structure, without what is empty. */
function writeInOrder(dependency: z.infer<typeof dependencySchema>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.keys(dependencySchema.shape).flatMap(key => {
      const value = dependency[key as keyof typeof dependency];
      const isEmpty =
        value === undefined ||
        value === '' ||
        value === false ||
        (Array.isArray(value) && value.length === 0);
      return isEmpty && key !== 'name' && key !== 'repository' ? [] : [[key, value]];
    }),
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
