import { setTimeout as pause } from 'node:timers/promises';
import type { JournalEventView } from '../../daemon/protocol/journal.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { classifyKill } from './classifyKill.ts';
import { findPromotion, listLeftovers, listTools, startPlan, waitForEnd } from './crashDrill.ts';
import { FactWitness } from './factWitness.ts';
import type { EnvironmentName, PromotionBed } from './promotionBed.ts';

/** How to soak. */
export type SoakOptions = {
  readonly bed: PromotionBed;
  /** How many kills at least; the last promotion may bring one more. */
  readonly kills: number;
  /** The same seed draws the same moments. */
  readonly seed: number;
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal;
};

/** What came of it. */
export type SoakResult = {
  readonly kills: number;
  /** Promotions that started, and those whose start was never acknowledged and did not happen. */
  readonly promotions: number;
  readonly neverStarted: number;
  /** Events that were told before a kill and were there after it. */
  readonly facts: number;
  /** How many kills hit where. */
  readonly phases: ReadonlyMap<string, number>;
  /** From the start of the next daemon until it had decided about the step in flight, in milliseconds. */
  readonly longestRecoveryMs: number;
  readonly violations: readonly string[];
};

/** The latest moment of a kill after the start, and after the start of the next daemon, in milliseconds. */
const latestKillMs = 4_000;
const latestSecondKillMs = 1_500;
const secondKillShare = 0.5;

const route: readonly { environment: EnvironmentName; release: string }[] = [
  { environment: 'development', release: 'v2.0.0' },
  { environment: 'staging', release: 'v2.0.0' },
  { environment: 'development', release: 'v2.1.0' },
  { environment: 'staging', release: 'v2.1.0' },
];

/**
 * Promotes back and forth, kills the daemon with SIGKILL at random moments, starts the next one, and looks at the real
 * world after each: every started promotion succeeded with exactly one revision more, nothing is left, nothing is lost.
 */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const { bed, onLine, signal } = options;
  const random = buildRandom(options.seed);
  const witness = new FactWitness();
  const phases = new Map<string, number>();
  const violations: string[] = [];
  let [kills, promotions, neverStarted, longestRecoveryMs] = [0, 0, 0, 0];
  await restart(bed, witness);
  for (let stop = 0; kills < options.kills && !signal?.aborted; ) {
    const target = route[stop % route.length] ?? fail('the route is empty');
    const drill = await runDrill(bed, witness, { ...target, random });
    const wrong = await listWrong(bed, witness, drill);
    violations.push(...wrong.map(text => `${drill.plan.id} to ${target.environment}: ${text}`));
    for (const phase of drill.phases) {
      phases.set(phase, (phases.get(phase) ?? 0) + 1);
    }
    kills += drill.phases.length;
    longestRecoveryMs = Math.max(longestRecoveryMs, ...drill.recoveriesMs);
    if (drill.promotion) {
      promotions += 1;
      stop += 1;
    } else {
      neverStarted += 1;
    }
    onLine(
      `${String(kills).padStart(4)} kills  ${drill.plan.id}  ${target.release} to ${target.environment}: ` +
        `${drill.phases.join(', ')} -> ${drill.promotion?.state ?? 'never started'}${wrong.length > 0 ? `  WRONG: ${wrong.join('; ')}` : ''}`,
    );
  }
  return {
    kills,
    promotions,
    neverStarted,
    facts: witness.last,
    phases,
    longestRecoveryMs,
    violations,
  };
}

type Drill = {
  readonly environment: EnvironmentName;
  readonly plan: Plan;
  readonly acknowledged: boolean;
  /** Absent when it was killed before the start. */
  readonly promotion?: Promotion;
  readonly revisionBefore: number;
  readonly phases: readonly string[];
  readonly recoveriesMs: readonly number[];
};

/** One promotion with one or two kills, until it has ended. */
async function runDrill(
  bed: PromotionBed,
  witness: FactWitness,
  { environment, release, random }: { environment: EnvironmentName; release: string; random: () => number },
): Promise<Drill> {
  await bed.openRepository();
  await waitForGates(bed, { environment, release });
  const revisionBefore = await readRevision(bed, environment);
  const since = witness.last;
  const plan = await bed.plan(environment, release);
  const starting = startPlan(bed, plan);
  const ended = onceEnded(bed, plan.id);
  await Promise.race([pause(random() * latestKillMs), ended]);
  const deaths = [await kill(bed)];
  const acknowledged = await starting;
  const births = [await restart(bed, witness)];
  if (random() < secondKillShare) {
    await pause(random() * latestSecondKillMs);
    deaths.push(await kill(bed));
    births.push(await restart(bed, witness));
  }
  const found = await findPromotion(bed, plan.id);
  const promotion = found && (await waitForEnd(bed, plan.id, 120_000));
  const { events } = await bed.client.request('journal.read', { since, limit: 5000, promotionId: plan.id });
  return {
    environment,
    plan,
    acknowledged,
    ...(promotion ? { promotion } : {}),
    revisionBefore,
    phases: deaths.map(diedAt => classifyKill({ events, steps: plan.steps, diedAt })),
    recoveriesMs: listRecoveries(events, births),
  };
}

/** What is not as it must be after a drill, as sentences. */
async function listWrong(bed: PromotionBed, witness: FactWitness, drill: Drill): Promise<readonly string[]> {
  const { environment, promotion, plan, acknowledged, revisionBefore } = drill;
  // A short look that was under way when its daemon was killed may take a moment to end.
  await waitFor('the tools to end', async () => listTools(bed).length === 0, { limitMs: 15_000 }).catch(
    () => undefined,
  );
  const history = await bed.history(environment);
  const revisions = (history.at(-1)?.revision ?? 0) - revisionBefore;
  const expected = promotion ? 1 : 0;
  const upgrade = promotion?.steps[0];
  const wrong = [
    ...(acknowledged && !promotion ? ['its start was acknowledged and is lost'] : []),
    ...(revisions === expected ? [] : [`${revisions} revisions instead of ${expected}`]),
    ...history.filter(isPending).map(row => `revision ${row.revision} is ${row.status}`),
    ...(await listLeftovers(bed, environment)),
    ...(await witness.listLost(bed.client)),
  ];
  if (promotion) {
    const image = await bed.readImage(environment);
    wrong.push(
      ...(promotion.state === 'succeeded' ? [] : [`it ended as ${promotion.state}: ${promotion.reason}`]),
      ...(image === plan.images[0]?.after ? [] : [`the workload is set to ${image}`]),
      ...(upgrade?.exit?.code === 0 ? [] : [`helm's exit is ${JSON.stringify(upgrade?.exit)}`]),
    );
  }
  return wrong;
}

/** Starts the next daemon and follows its journal; answers when it was started. */
async function restart(bed: PromotionBed, witness: FactWitness): Promise<number> {
  const at = Date.now();
  await witness.follow(await bed.start());
  return at;
}

/** Kills the daemon; answers when it was seen to be dead. */
async function kill(bed: PromotionBed): Promise<number> {
  await bed.kill();
  return Date.now();
}

/** For each daemon that went on with a step in flight: how long after its start it had decided, in milliseconds. */
function listRecoveries(events: readonly JournalEventView[], births: readonly number[]): readonly number[] {
  return events
    .filter(({ type }) => type === 'promotion.recovered')
    .flatMap(({ time }) => {
      const at = Date.parse(time);
      const birth = births.findLast(started => started <= at);
      return birth === undefined ? [] : [at - birth];
    });
}

async function waitForGates(
  bed: PromotionBed,
  { environment, release }: { environment: EnvironmentName; release: string },
): Promise<void> {
  const { id: repositoryId } = bed.repository;
  const pass = async () => {
    const { gates } = await bed.client.request('environment.gates', { repositoryId, environment, release });
    return gates.every(({ state }) => state === 'pass');
  };
  await waitFor(`the gates of ${environment}`, pass, { limitMs: 60_000 });
}

function onceEnded(bed: PromotionBed, promotionId: string): Promise<void> {
  return new Promise(resolve => {
    bed.client.onNotification('promotion.changed', ({ promotion }) => {
      if (promotion.id === promotionId && promotion.endedAt !== undefined) {
        resolve();
      }
    });
  });
}

async function readRevision(bed: PromotionBed, environment: EnvironmentName): Promise<number> {
  return (await bed.history(environment)).at(-1)?.revision ?? 0;
}

function isPending({ status }: { readonly status: string }): boolean {
  return status.startsWith('pending-');
}

/** Mulberry32: numbers from 0 to 1 that follow from the seed. */
function buildRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function fail(message: string): never {
  throw new Error(message);
}
