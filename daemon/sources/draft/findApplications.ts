import * as z from 'zod';
import type { ApplicationFacts } from './draftFacts.ts';
import { readYamlValues } from './readYamlValues.ts';
import type { TreeFiles } from './treeFiles.ts';

/** Finds the Applications of Argo CD among a repository's YAML files. */
export async function findApplications(files: TreeFiles): Promise<readonly ApplicationFacts[]> {
  const paths = files.list.filter(
    path => /\.ya?ml$/.test(path) && !/(?:^|\/)templates\//.test(path) && !/values/i.test(path),
  );
  const found: ApplicationFacts[] = [];
  for (const file of paths.slice(0, mostFiles)) {
    const text = await files.read(file);
    if (text?.includes('argoproj.io/') && /^\s*kind:\s*Application\b/m.test(text)) {
      found.push(...readApplications(file, text));
    }
  }
  return found;
}

const mostFiles = 5_000;

const applicationSchema = z.object({
  apiVersion: z.string().startsWith('argoproj.io/'),
  kind: z.literal('Application'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    source: z.nullish(z.object({ path: z.nullish(z.string()), targetRevision: z.nullish(z.string()) })),
    destination: z.nullish(z.object({ namespace: z.nullish(z.string()) })),
    syncPolicy: z.nullish(z.object({ automated: z.nullish(z.unknown()) })),
  }),
});

function readApplications(file: string, text: string): readonly ApplicationFacts[] {
  return readYamlValues(text).flatMap(value => {
    const parsed = applicationSchema.safeParse(value);
    if (!parsed.success) {
      return [];
    }
    const { metadata, spec } = parsed.data;
    const { path, targetRevision } = spec.source ?? {};
    const namespace = spec.destination?.namespace;
    return [
      {
        file,
        name: metadata.name,
        ...(path ? { path } : {}),
        ...(targetRevision && targetRevision !== 'HEAD' ? { branch: targetRevision } : {}),
        ...(namespace ? { namespace } : {}),
        automated: spec.syncPolicy?.automated !== undefined && spec.syncPolicy.automated !== null,
      },
    ];
  });
}
