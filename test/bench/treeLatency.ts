import type { ClusterApi } from '../../sandbox/clusterApi.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import type { PromotionBed } from '../cluster/promotionBed.ts';
import { openAdminApi } from './adminApi.ts';
import { buildPercentile, type Figure } from './figure.ts';

/** How many changes are made, and how long after another they begin, in milliseconds; back to back without. */
export type Changes = { readonly count: number; readonly intervalMs: number };

/** When the API server had answered each change, and when somebody first saw it or a later one. */
export type Seen = { readonly answered: number[]; readonly seen: number[] };

const deployment = 'agent-name';

/** A Deployment that can be changed without anything else happening: paused, and without pods. */
export class ChangingDeployment {
  readonly #api: ClusterApi;
  readonly #path: string;

  private constructor(api: ClusterApi, path: string) {
    this.#api = api;
    this.#path = path;
  }

  /** Makes it in a namespace that has none. */
  static async create(bed: PromotionBed, namespace: string): Promise<ChangingDeployment> {
    const api = await openAdminApi(bed.cluster.sandbox);
    const folder = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const labels = { app: deployment };
    await api.send('POST', folder, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: deployment },
      spec: {
        replicas: 0,
        paused: true,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'agent', image: buildImage(0) }] },
        },
      },
    });
    return new ChangingDeployment(api, `${folder}/${deployment}`);
  }

  /** Sets another version; resolves to when the API server had answered, in milliseconds since 1970. */
  async change(index: number): Promise<number> {
    const containers = [{ name: 'agent', image: buildImage(index) }];
    await this.#api.send(
      'PATCH',
      this.#path,
      { spec: { template: { spec: { containers } } } },
      'application/strategic-merge-patch+json',
    );
    return now();
  }

  /** Takes it away again. */
  async dispose(): Promise<void> {
    await this.#api.send('DELETE', this.#path);
    await this.#api.close();
  }
}

/** The version that a change sets; `readIndex` finds the change in a version again. */
function buildImage(index: number): string {
  return `kosmos/agent:v9.${index}.0`;
}

/** Which change a text shows, `v9.17.0` the 17th; -1 for none. */
export function readIndex(text: string | undefined): number {
  const index = /v9\.(\d+)\.0/.exec(text ?? '')?.[1];
  return index === undefined ? -1 : Number(index);
}

/**
 * Makes changes numbered from `first` on, and waits until the last has been seen. A change is seen when it or a later
 * one is shown: in a storm not each of them is. `read` gives the times at which each index was first seen.
 */
export async function makeChanges(
  target: ChangingDeployment,
  { count, intervalMs }: Changes,
  view: { readonly first: number; readonly read: () => Promise<ReadonlyMap<number, number>> },
): Promise<readonly number[]> {
  const answered: number[] = [];
  const begun = performance.now();
  for (let change = 0; change < count; change += 1) {
    const wait = begun + change * intervalMs - performance.now();
    if (wait > 0) {
      // The pace of the changes is part of what is measured.
      await new Promise(resolve => setTimeout(resolve, wait));
    }
    answered.push(await target.change(view.first + change));
  }
  const last = view.first + count - 1;
  await waitFor('the last change to be seen', async () => (await view.read()).has(last), { limitMs: 20_000 });
  const seen = await view.read();
  return answered.map((time, change) => {
    const times = [...seen].filter(([index]) => index >= view.first + change).map(([, at]) => at);
    return Math.min(...times) - time;
  });
}

/** From the API server's answer to `environment.changed` at a client: alone, and in a storm. */
export async function measureNotices(
  bed: PromotionBed,
  options: { readonly alone: Changes; readonly storm: Changes },
): Promise<readonly Figure[]> {
  const namespace = bed.namespaces.development;
  const seen = new Map<number, number>();
  const stop = bed.client.onNotification('environment.changed', ({ environment }) => {
    const index = environment.name === 'development' ? readIndex(environment.running[0]?.version) : -1;
    if (index >= 0 && !seen.has(index)) {
      seen.set(index, now());
    }
  });
  const target = await ChangingDeployment.create(bed, namespace);
  try {
    await target.change(1);
    const read = async () => seen;
    await waitFor('the first change to be seen', async () => seen.has(1), { limitMs: 20_000 });
    const alone = await makeChanges(target, options.alone, { first: 2, read });
    const storm = await makeChanges(target, options.storm, { first: 2 + options.alone.count, read });
    return buildLatencies('client is told', alone, storm, { alone: 60, storm: 100 });
  } finally {
    stop();
    await target.dispose();
  }
}

/** The figures of both kinds of changes, with aims for their p95 in milliseconds. */
export function buildLatencies(
  what: string,
  alone: readonly number[],
  storm: readonly number[],
  aims: { readonly alone: number; readonly storm: number },
): readonly Figure[] {
  return [
    buildPercentile(50, { what: `Deployment changed: ${what}, alone`, unit: 'ms', samples: alone }),
    buildPercentile(95, {
      what: `Deployment changed: ${what}, alone`,
      unit: 'ms',
      samples: alone,
      aim: aims.alone,
    }),
    buildPercentile(50, { what: `Deployment changed: ${what}, in a storm`, unit: 'ms', samples: storm }),
    buildPercentile(95, {
      what: `Deployment changed: ${what}, in a storm`,
      unit: 'ms',
      samples: storm,
      aim: aims.storm,
    }),
  ];
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
