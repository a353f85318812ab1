import * as z from 'zod';

/** One line of a watch. */
export type WatchLine = {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly uid: string;
  readonly version: string;
  /** True for the bookmark that ends the initial list. */
  readonly endsInitialList: boolean;
  readonly object: unknown;
};

/** A line that ends a watch: the Status that an answer would have had as its body. */
export type WatchErrorLine = { readonly type: 'ERROR'; readonly status: number; readonly body: string };

/** One page of a list. */
export type ListPage = {
  readonly items: readonly unknown[];
  readonly version: string;
  readonly next: string | undefined;
};

/** Parses a line of a watch; throws for one that is not an event. */
export function parseWatchLine(text: string): WatchLine | WatchErrorLine {
  const { type, object } = lineSchema.parse(JSON.parse(text));
  if (type === 'ERROR') {
    return { type, status: errorSchema.parse(object).code, body: JSON.stringify(object) };
  }
  const { uid, resourceVersion, annotations } = objectSchema.parse(object).metadata;
  return {
    type,
    uid,
    version: resourceVersion,
    endsInitialList: type === 'BOOKMARK' && annotations?.['k8s.io/initial-events-end'] === 'true',
    object,
  };
}

/** Parses a page of a list. */
export function parseListPage(value: unknown): ListPage {
  const { items, metadata } = listSchema.parse(value);
  return { items, version: metadata.resourceVersion, next: metadata.continue || undefined };
}

/** What tells an object and its version from all others. */
export function parseObjectVersion(object: unknown): { readonly uid: string; readonly version: string } {
  const { uid, resourceVersion } = objectSchema.parse(object).metadata;
  return { uid, version: resourceVersion };
}

const objectSchema = z.object({
  metadata: z.object({
    // A bookmark has none.
    uid: z.string().default(''),
    resourceVersion: z.string(),
    annotations: z.exactOptional(z.record(z.string(), z.string())),
  }),
});
const lineSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});
const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.exactOptional(z.string()) }),
  items: z.nullish(z.array(z.unknown())).transform(items => items ?? []),
});
// A proxy may write an error without a code: it is then one of a server.
const errorSchema = z.object({ code: z.number().default(500) });
