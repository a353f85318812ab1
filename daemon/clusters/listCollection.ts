import { metadataListAccept } from './metadataAccept.ts';
import { type Asked, readAnswer } from './readAnswer.ts';
import { parseListPage } from './watchLine.ts';

/** A collection of objects, or the part of it that a selector takes. */
export type Collection = {
  /** `/apis/apps/v1/namespaces/kosmos/deployments`. */
  readonly path: string;
  readonly labelSelector?: string;
  /** True where the metadata is all that is needed. */
  readonly metadataOnly?: boolean;
};

const pageTimeoutMs = 60_000;
const pageObjects = 500;

/** Lists a collection page by page; gives the version from which on it can be watched. Throws a ClusterError. */
export async function listCollection(
  { connection, signal }: { readonly connection: Asked; readonly signal: AbortSignal },
  { path, labelSelector, metadataOnly = false }: Collection,
  onObject: (object: unknown) => void,
): Promise<string> {
  let next: string | undefined;
  let version = '';
  do {
    const request = {
      path,
      ...(metadataOnly ? { accept: metadataListAccept } : {}),
      signal,
      timeoutMs: pageTimeoutMs,
      query: { limit: pageObjects, continue: next, labelSelector },
    };
    const page = await readAnswer(connection, request, parseListPage);
    for (const object of page.items) {
      onObject(object);
    }
    ({ version, next } = page);
  } while (next !== undefined);
  return version;
}
