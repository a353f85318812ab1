import type { ReleaseChart, ReleaseFacts, ReleaseImage } from '../../model/digests/releaseDigest.ts';
import type { Procedure } from '../../model/procedure.ts';
import { fillTemplate } from '../../model/template.ts';
import { cleanPath } from './clone.ts';

/** The ids of what stands at paths of a commit; `missing` where nothing does. */
type ReadIds = (commit: string, paths: readonly string[]) => Promise<Readonly<Record<string, string>>>;

/** Gathers what a release is made of from its commit; images have no registry's answer and so are unverified. */
export async function readReleaseFacts(
  readIds: ReadIds,
  procedure: Procedure,
  release: { readonly version: string; readonly commit: string },
): Promise<ReleaseFacts> {
  // One by one: asked for a folder and for something below it, git lists the latter alone.
  const readId = async (path: string) => (await readIds(release.commit, [path]))[path] ?? 'missing';
  const charts = await Promise.all(
    listCharts(procedure, release).map(
      async (path): Promise<ReleaseChart> => ({ path, tree: await readId(path) }),
    ),
  );
  const migrations = procedure.migrations === undefined ? undefined : await readId(procedure.migrations);
  return {
    commit: release.commit,
    images: buildReleaseImages(procedure, release),
    charts,
    ...(migrations === undefined ? {} : { migrations }),
  };
}

/** The images of a release by the procedure's patterns, without a registry's answer. */
export function buildReleaseImages(
  procedure: Procedure,
  release: { readonly version: string; readonly commit: string },
): readonly ReleaseImage[] {
  return Object.values(procedure.releases.images).map(pattern =>
    parseImage(fillTemplate(pattern, { ...release, environment: '' })),
  );
}

// `registry:5000/kosmos/agent:v2.1.0@sha256:...`: the colon of a port stands before the last slash.
function parseImage(reference: string): ReleaseImage {
  const [tagged = '', digest] = reference.split('@');
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  return {
    name: colon < 0 ? tagged : tagged.slice(0, colon),
    tag: colon < 0 ? 'latest' : tagged.slice(colon + 1),
    digest: digest ?? 'unverified',
  };
}

// A chart may differ by environment; the release is the same everywhere, so all of them belong to it.
function listCharts(
  procedure: Procedure,
  release: { readonly version: string; readonly commit: string },
): readonly string[] {
  const paths = procedure.components.flatMap(({ helm }) =>
    helm === undefined
      ? []
      : procedure.environments.map(
          environment =>
            // A chart at the top has a name that people can read, too.
            cleanPath(fillTemplate(helm.chart, { ...release, environment: environment.name })) || '.',
        ),
  );
  return [...new Set(paths)];
}
