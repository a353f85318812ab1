import * as z from 'zod';
import type { ClusterConnection } from './clusterConnection.ts';
import { ClusterError } from './clusterError.ts';
import { readAnswer } from './readAnswer.ts';

/** Names an object of Kubernetes. */
export type ObjectReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
};

/** Where an object is, and whether it lives in a namespace. */
export type ObjectLocation = { readonly path: string; readonly namespaced: boolean };

/** The kinds of one group and version, by name. */
type Kinds = ReadonlyMap<string, { readonly plural: string; readonly namespaced: boolean }>;

/** Finds the path of an object by asking the API server which kinds it knows; asks once per group and version. */
export class ResourcePaths {
  readonly #connection: ClusterConnection;
  readonly #kinds = new Map<string, Promise<Kinds>>();

  constructor(connection: ClusterConnection) {
    this.#connection = connection;
  }

  /** The path of an object, in `namespace` where it names none. Throws a ClusterError for an unknown kind. */
  async find(reference: ObjectReference, namespace: string, signal?: AbortSignal): Promise<ObjectLocation> {
    const { apiVersion, kind, name } = reference;
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const found = (await this.#read(root, signal)).get(kind);
    if (!found) {
      // A CRD may be on its way: the next question is asked anew.
      this.#kinds.delete(root);
      throw new ClusterError('notFound', `The cluster knows no kind ${kind} in ${apiVersion}.`, {
        status: 404,
      });
    }
    const within = found.namespaced
      ? `/namespaces/${encodeURIComponent(reference.namespace ?? namespace)}`
      : '';
    return {
      path: `${root}${within}/${found.plural}/${encodeURIComponent(name)}`,
      namespaced: found.namespaced,
    };
  }

  #read(root: string, signal: AbortSignal | undefined): Promise<Kinds> {
    const known = this.#kinds.get(root);
    if (known !== undefined) {
      return known;
    }
    const reading = this.#ask(root, signal);
    this.#kinds.set(root, reading);
    reading.catch(() => this.#kinds.delete(root));
    return reading;
  }

  async #ask(root: string, signal: AbortSignal | undefined): Promise<Kinds> {
    try {
      const { resources } = await readAnswer(
        this.#connection,
        { path: root, ...(signal ? { signal } : {}) },
        value => discoverySchema.parse(value),
      );
      return new Map(
        resources
          .filter(({ name }) => !name.includes('/'))
          .map(({ name, kind, namespaced }) => [kind, { plural: name, namespaced }]),
      );
    } catch (error) {
      if (error instanceof ClusterError && error.kind === 'notFound') {
        return new Map();
      }
      throw error;
    }
  }
}

const discoverySchema = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});
