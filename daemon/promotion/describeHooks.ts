import * as z from 'zod';
import { type ManifestObject, parseManifest } from '../clusters/parseManifest.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { HelmHook } from '../protocol/helmHook.ts';

/** What helm does with a release, as the events of hooks name it. */
export type HookOperation = 'install' | 'upgrade' | 'rollback' | 'delete';

/**
 * One sentence for each time that a hook of the chart takes part in an operation, in helm's order: what hooks do is in no
 * diff and is not taken back.
 */
export function describeHooks(hooks: readonly HelmHook[], operation: HookOperation): readonly string[] {
  const byWeight = hooks.toSorted((left, right) => left.weight - right.weight);
  return (['pre', 'post'] as const).flatMap(moment =>
    byWeight
      .filter(({ events }) => events.includes(`${moment}-${operation}`))
      .map(hook => describeHook(hook, { moment, operation })),
  );
}

const momentWords = { pre: 'before', post: 'after' };
const operationWords: Readonly<Record<HookOperation, string>> = {
  install: 'the installation',
  upgrade: 'the upgrade',
  rollback: 'the rollback',
  delete: 'the removal',
};

function describeHook(
  hook: HelmHook,
  when: { readonly moment: 'pre' | 'post'; readonly operation: HookOperation },
): string {
  const { moment, operation } = when;
  const object = readHookObject(hook);
  const images = object ? listImages(object) : [];
  const name = hook.name || (object?.reference.name ?? '');
  return [
    `${hook.kind}/${name} ${images.length > 0 ? 'runs' : 'is applied'} `,
    `${momentWords[moment]} ${operationWords[operation]} (${moment}-${operation} hook)`,
    ...(images.length > 0
      ? [`, with the ${images.length === 1 ? 'image' : 'images'} ${images.join(', ')}`]
      : []),
    '.',
  ].join('');
}

/** A hook that cannot be read takes part all the same, and is told with what helm says of it. */
function readHookObject({ manifest }: HelmHook): ManifestObject | undefined {
  try {
    return parseManifest(manifest)[0];
  } catch (error) {
    if (error instanceof SlipwayError) {
      return undefined;
    }
    throw error;
  }
}

/** The images of a pod, or of the pods that an object makes, in the order in which they run. */
function listImages({ object }: ManifestObject): readonly string[] {
  const made = templateSchema.safeParse(object);
  const { data: pod } = made.success ? { data: made.data.spec.template } : podSchema.safeParse(object);
  const containers = [...(pod?.spec.initContainers ?? []), ...(pod?.spec.containers ?? [])];
  return [...new Set(containers.map(({ image }) => image))];
}

const containersSchema = z.nullish(z.array(z.object({ image: z.string() })));
const podSchema = z.object({
  spec: z.object({ initContainers: containersSchema, containers: containersSchema }),
});
const templateSchema = z.object({ spec: z.object({ template: podSchema }) });
