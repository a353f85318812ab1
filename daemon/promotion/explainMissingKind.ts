import { readdir, readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { SlipwayError } from '../protocol/errors.ts';

/** A chart in a checkout. */
export type ChartPlace = {
  readonly checkout: string;
  /** Its folder, relative to the top. */
  readonly chart: string;
};

/**
 * Says of a kind that the cluster does not know that the chart brings its definition itself. Helm installs what is in
 * crds/ with a first installation, but never in a dry run, and a plan is one; any other error stays as it is.
 */
export async function explainMissingKind(error: unknown, place: ChartPlace): Promise<unknown> {
  if (!(error instanceof SlipwayError) || error.details['problem'] !== 'kindUnknown') {
    return error;
  }
  const folder = await findDefinition(place, error.details['type'] ?? '');
  if (folder === undefined) {
    return error;
  }
  return new SlipwayError(error.code, error.message, {
    next:
      'The chart brings its definition (CRD) in crds/, but a dry run does not install those: ' +
      `run "kubectl apply -f ${folder}" in the cluster once, then plan again.`,
    details: error.details,
    cause: error.cause,
  });
}

/** The crds/ of the chart, or of a chart below it, that defines a kind; relative to the top. */
async function findDefinition({ checkout, chart }: ChartPlace, kind: string): Promise<string | undefined> {
  const top = join(checkout, chart);
  for (const path of await readdir(top, { recursive: true })) {
    const [folder] = /^(?:charts\/[^/]+\/)*crds(?=\/.*\.(?:ya?ml|json)$)/.exec(path) ?? [];
    // What cannot be read, such as a link that leads nowhere, defines nothing.
    const text = folder === undefined ? '' : await readFile(join(top, path), 'utf8').catch(() => '');
    if (folder !== undefined && namesKind(text, kind)) {
      return normalize(join(chart, folder));
    }
  }
  return undefined;
}

function namesKind(text: string, kind: string): boolean {
  return [...text.matchAll(/\bkind["']?:\s*["']?(\w+)/g)].some(([, name]) => name === kind);
}
