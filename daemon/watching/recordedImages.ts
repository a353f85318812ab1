import type { Cluster, Clusters } from '../clusters/clusters.ts';
import { isDamagedRecord } from '../clusters/helmRecord.ts';
import { groupHelmRows, type HelmRow } from '../clusters/helmRevisions.ts';
import { findManifestImages, parseManifest } from '../clusters/parseManifest.ts';
import type { WorkloadImages } from '../model/runningVersion.ts';

/** How many records are read at a time. */
const atATime = 4;

/** What Helm's records say runs: the images in the manifest of each release's deployed revision, read when it changes. */
export class RecordedImages {
  readonly #cluster: Cluster;
  readonly #records: Clusters['helmRecords'];
  readonly #onChange: () => void;
  readonly #known = new Map<string, { readonly key: string; readonly images?: WorkloadImages }>();
  readonly #disposal = new AbortController();
  #rows: readonly HelmRow[] = [];
  #running = 0;
  #problem: string | undefined;

  constructor(options: {
    readonly cluster: Cluster;
    readonly records: Clusters['helmRecords'];
    readonly onChange: () => void;
  }) {
    this.#cluster = options.cluster;
    this.#records = options.records;
    this.#onChange = options.onChange;
  }

  /** Helm release to workload to container to image; only what is read already. */
  get images(): Readonly<Record<string, WorkloadImages>> {
    return Object.fromEntries(
      [...this.#known].flatMap(([release, { images }]) => (images ? [[release, images]] : [])),
    );
  }

  /** Why a record could not be read. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** These are Helm's rows now. */
  update(rows: readonly HelmRow[]): void {
    const groups = groupHelmRows(rows);
    for (const release of this.#known.keys()) {
      if (!groups.has(release)) {
        this.#known.delete(release);
      }
    }
    this.#rows = [...groups.values()].flatMap(
      group => group.find(row => row.revision.status === 'deployed') ?? group[0] ?? [],
    );
    this.#startMore();
  }

  dispose(): void {
    this.#disposal.abort();
  }

  #startMore(): void {
    for (const row of this.#rows) {
      if (this.#running >= atATime || this.#disposal.signal.aborted) {
        return;
      }
      const { release } = row.revision;
      // The content of a revision never changes, only its status does.
      const key = row.secret.uid;
      if (this.#known.get(release)?.key !== key) {
        const { images } = this.#known.get(release) ?? {};
        this.#known.set(release, { key, ...(images ? { images } : {}) });
        this.#running += 1;
        void this.#read(row, key).finally(() => {
          this.#running -= 1;
          this.#startMore();
        });
      }
    }
  }

  async #read(row: HelmRow, key: string): Promise<void> {
    const { release } = row.revision;
    try {
      const { manifest } = await this.#records.read({ connection: this.#cluster.connection }, row);
      if (this.#known.get(release)?.key === key) {
        this.#known.set(release, { key, images: findManifestImages(parseManifest(manifest)) });
        this.#problem = undefined;
      }
    } catch (error) {
      if (this.#known.get(release)?.key === key) {
        this.#known.delete(release);
        // Not tried again before a row changes.
        this.#rows = this.#rows.filter(other => other !== row);
        this.#problem = describeProblem(release, error);
      }
    }
    if (!this.#disposal.signal.aborted) {
      this.#onChange();
    }
  }
}

function describeProblem(release: string, error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  // A damaged record says itself which one it is.
  return isDamagedRecord(error)
    ? `${said} ${error.next}`
    : `Helm's record of ${release} cannot be read: ${said}`;
}
