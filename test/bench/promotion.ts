import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../../daemon/protocol/plan.ts';
import type { ClusterApi } from '../../sandbox/clusterApi.ts';
import { waitForEnd } from '../../sandbox/promoteOnce.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import type { PromotionBed } from '../cluster/promotionBed.ts';
import { openAdminApi } from './adminApi.ts';
import { timeCommand } from './bareCommand.ts';
import { buildMedian, buildSingle, type Figure, readPercentile } from './figure.ts';
import { buildPhases, type Phases } from './promotionPhases.ts';

/** The versions that take turns, so that every upgrade changes the pods. */
const versions = ['v2.0.0', 'v2.1.0'] as const;
type Version = (typeof versions)[number];

/** How long the cluster and the daemon get to come to rest before each run, in milliseconds. */
const restMs = 1_000;

/** What `helm upgrade` by Slipway may cost over the document's two commands, in milliseconds, and as a ratio. */
const aims = { addedMs: 25, ratio: 1.03 } as const;

/**
 * Promotes by Slipway, by bare `helm upgrade` and by the document's two commands in turn, `rounds` times each, with the
 * same arguments, in the bed's development environment. Plans are made before and not counted.
 */
export async function measurePromotion(
  bed: PromotionBed,
  options: { readonly rounds: number },
): Promise<readonly Figure[]> {
  const bench = await openBench(bed);
  try {
    const bySlipway: { took: number; phases: Phases }[] = [];
    const byHelm: number[] = [];
    const byDocument: number[] = [];
    await bench.bySlipway('v2.0.0');
    await bench.byHand('v2.1.0', 1);
    for (let turn = 0; turn < options.rounds; turn += 1) {
      // Three take turns with two versions: each gets both, one after the other.
      bySlipway.push(await bench.bySlipway(chooseVersion(turn)));
      byHelm.push(await bench.byHand(chooseVersion(turn + 1), 1));
      byDocument.push(await bench.byHand(chooseVersion(turn), 2));
    }
    return buildFigures(bySlipway, byHelm, byDocument);
  } finally {
    await bench.close();
  }
}

function chooseVersion(turn: number): Version {
  return versions[turn % 2] ?? 'v2.0.0';
}

function buildFigures(
  bySlipway: readonly { took: number; phases: Phases }[],
  byHelm: readonly number[],
  byDocument: readonly number[],
): readonly Figure[] {
  const slipway = bySlipway.map(({ took }) => took);
  const added = bySlipway.map(({ took, phases }) => took - sumTools(phases));
  const medians = [slipway, byHelm, byDocument].map(samples => readPercentile(samples, 50));
  const [median = 0, helm = 0, document = 0] = medians;
  const names = Object.keys(bySlipway[0]?.phases ?? {});
  return [
    buildMedian({ what: 'by Slipway: start sent to succeeded received', unit: 'ms', samples: slipway }),
    buildMedian({ what: 'bare helm upgrade', unit: 'ms', samples: byHelm }),
    buildMedian({ what: 'bare helm upgrade + helm status', unit: 'ms', samples: byDocument }),
    buildSingle({ what: 'Slipway : helm upgrade', unit: 'x', value: median / helm }),
    buildSingle({
      what: 'Slipway : the two commands',
      unit: 'x',
      value: median / document,
      aim: Math.max(aims.ratio, (document + aims.addedMs) / document),
    }),
    buildMedian({
      what: 'added: Slipway without its own helm processes',
      unit: 'ms',
      samples: added,
      aim: Math.max(aims.addedMs, document * (aims.ratio - 1)),
    }),
    ...names.map(name =>
      buildMedian({
        what: `  ${name}`,
        unit: 'ms',
        samples: bySlipway.map(({ phases }) => phases[name] ?? 0),
      }),
    ),
  ];
}

function sumTools(phases: Phases): number {
  return Object.entries(phases)
    .filter(([name]) => name.endsWith(': helm'))
    .reduce((sum, [, took]) => sum + took, 0);
}

async function openBench(bed: PromotionBed) {
  const { cluster, client } = bed;
  const api = await openAdminApi(cluster.sandbox);
  const folder = join(bed.folder, 'bare');
  await mkdir(folder, { mode: 0o700 });
  const kubeconfig = join(folder, 'kubeconfig');
  // As small as the one that Slipway gives to its tools.
  await writeFile(kubeconfig, await cluster.kubectl(minify, { person: 'alice' }), { mode: 0o600 });
  for (const version of versions) {
    await bed.git('clone', '--quiet', '--branch', version, bed.repositoryFolder, join(folder, version));
  }
  const makePlan = async (version: Version): Promise<Plan> => {
    const plan = await bed.plan('development', version);
    await waitForRest(api, bed.namespaces.development);
    return plan;
  };
  return {
    bySlipway: async (version: Version) => {
      const plan = await makePlan(version);
      const ended = waitForEnd(client, plan.id);
      const sent = now();
      const start = { planId: plan.id, planDigest: plan.digest, confirmation: 'development' };
      await client.request('promotion.start', start);
      const promotion = await ended;
      const received = now();
      if (promotion.state !== 'succeeded') {
        throw new Error(`${version} ended as ${promotion.state}: ${promotion.reason}`);
      }
      const query = { since: 0, limit: 1000, promotionId: plan.id };
      const { events } = await client.request('journal.read', query);
      const phases = buildPhases({ events, folder: join(bed.home, 'runs', plan.id), sent, received });
      return { took: received - sent, phases };
    },
    /** Runs the first `commands` commands of a plan that is never started. */
    byHand: async (version: Version, commands: 1 | 2): Promise<number> => {
      const plan = await makePlan(version);
      let took = 0;
      for (const { command } of plan.steps.slice(0, commands)) {
        took += await timeCommand({
          path: cluster.sandbox.tools.helm,
          args: command?.args.map(({ text }) => text) ?? [],
          cwd: join(folder, version),
          env: { ...process.env, KUBECONFIG: kubeconfig },
          output: join(folder, 'output.log'),
        });
      }
      return took;
    },
    close: () => api.close(),
  };
}

const minify = ['config', 'view', '--minify', '--flatten', '--context', 'kosmos-development'];

/** Waits until nothing but the environment's one pod is left, and for a moment more. */
async function waitForRest(api: ClusterApi, namespace: string): Promise<void> {
  await waitFor(
    'the old pods to go',
    async () => {
      const pods = (await api.get(`/api/v1/namespaces/${namespace}/pods`)) as { items: unknown[] };
      return pods.items.length <= 1;
    },
    { limitMs: 60_000 },
  );
  // What the machine still does for pods that have gone cannot be asked for.
  await new Promise(resolve => setTimeout(resolve, restMs));
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
