import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateKubeconfig } from '../clusters/kubeconfig.ts';
import type { Gate } from '../model/gate.ts';
import { allGatesPass } from '../model/gate.ts';
import { decideGates } from '../model/gates/decideGates.ts';
import type { GateInput, PreviousEnvironment } from '../model/gates/gateInput.ts';
import type { Plan, PlannedRelease } from '../model/plan.ts';
import type { Environment } from '../model/procedure.ts';
import { type Promotion, promotionHasEnded } from '../model/promotion.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { Params } from '../protocol/messages.ts';
import type { Toolbox } from '../sources/toolbox.ts';
import type { PromotionQueries } from '../store/promotions.ts';
import type { Store } from '../store/store.ts';
import { followSpool } from '../tools/process/followSpool.ts';
import { readSpool, type SpoolPiece } from '../tools/process/readSpool.ts';
import type { OpenRepositories } from '../watching/openRepositories.ts';
import type { OpenRepository } from '../watching/openRepository.ts';
import { type BuiltPlan, buildRollbackPlan, buildUpgradePlan, type GateDecision } from './buildPlan.ts';
import type { PlanContext, PlanTextName } from './planContext.ts';
import type { PromotionRunner } from './promotionRunner.ts';
import type { RedactorOf } from './storeLedger.ts';

/** What the service works with. */
export type PromotionServiceOptions = {
  readonly store: Store;
  readonly repositories: OpenRepositories;
  readonly toolbox: Toolbox;
  readonly runner: PromotionRunner;
  readonly redactorOf: RedactorOf;
  /** The folder of runs below the state folder: private kubeconfigs and spools. */
  readonly runsFolder: string;
  readonly host: string;
  readonly clock: () => Date;
};

/** How many plans stay in memory, and for how long they may be started, in milliseconds. */
const keptPlans = 50;
const planAgeMs = 60 * 60_000;

/** A step of a promotion whose output is read. */
type OutputPlace = { readonly promotionId: string; readonly stepId: string; readonly offset: number };

/** Plans, starts and cancels promotions, and reads what their tools print. */
export class PromotionService {
  readonly #options: PromotionServiceOptions;
  readonly #plans = new Map<string, BuiltPlan>();

  constructor(options: PromotionServiceOptions) {
    this.#options = options;
  }

  /** Reads the live state and fixes the steps; starts nothing. */
  async plan(params: Params<'promotion.plan'>, signal: AbortSignal): Promise<Plan> {
    const { repositories, toolbox, runsFolder } = this.#options;
    const repository = repositories.get(params.repositoryId);
    const policy = await repository.requirePolicy();
    repository.requireTrust();
    const environment = findEnvironment(policy.procedure.environments, params.environment);
    const access = await repository.access(environment, signal);
    const planId = buildPromotionId(this.#options.clock());
    const folder = join(runsFolder, planId);
    const decide: GateDecision = release =>
      decideGates(
        this.#gatherGateInput(repository, {
          environment,
          release,
          kind: params.kind,
          clusterId: access.clusterId,
        }),
      );
    let built: BuiltPlan;
    try {
      const kubeconfigPath = join(folder, 'kubeconfig');
      await writePrivateKubeconfig(kubeconfigPath, access.kubeconfig);
      const context: PlanContext = {
        planId,
        repository,
        policy,
        environment,
        access,
        tools: toolbox,
        kubeconfigPath,
        signal,
      };
      built =
        params.kind === 'rollback'
          ? await buildRollbackPlan(context, decide)
          : await buildUpgradePlan(context, requireRelease(params.release), decide);
    } finally {
      // It holds the person's key; a run that starts gets its own.
      await rm(folder, { recursive: true, force: true });
    }
    this.#keep(built);
    return built.plan;
  }

  /** One side of a plan's diffs. Throws `planGone`. */
  readPlanText(planId: string, text: PlanTextName): string {
    return this.#requirePlan(planId).texts[text];
  }

  /** Decides the gates for a release now. */
  async decideGates(params: Params<'environment.gates'>): Promise<readonly Gate[]> {
    const repository = this.#options.repositories.get(params.repositoryId);
    const { procedure } = await repository.requirePolicy();
    const environment = findEnvironment(procedure.environments, params.environment);
    const found = repository.findRelease(params.release);
    const digest = await repository.buildReleaseDigest(procedure, found);
    const clusterId = environment.cluster?.id;
    const release = { version: found.version, commit: found.commit, digest };
    return decideGates(
      this.#gatherGateInput(repository, {
        environment,
        release,
        kind: 'regular',
        ...(clusterId === undefined ? {} : { clusterId }),
      }),
    );
  }

  /**
   * Starts a plan: first the world is looked at again, then gates, lock and start are one transaction.
   * Throws `planGone`, `planStale`, `notConfirmed`, `gateHolds` or `locked`.
   */
  async start(params: Params<'promotion.start'> & { readonly person: string }): Promise<string> {
    const { store, repositories, runner, host } = this.#options;
    const { plan } = this.#requirePlan(params.planId);
    const repository = repositories.get(plan.repositoryId);
    requireConfirmation(plan, params);
    const environment = await this.#requireFresh(repository, plan);
    const { clusterId, namespace } = plan.target;
    const result = await store.startPromotion({
      promotionId: plan.id,
      lockKey: { clusterId, namespace },
      decide: view => {
        const { lock: _, ...input } = this.#gatherGateInput(repository, {
          environment,
          release: plan.release,
          kind: plan.kind,
          clusterId,
          queries: view.promotions,
        });
        return decideGates({ ...input, ...(view.lock ? { lock: view.lock } : {}) });
      },
      buildEvents: gates => [
        { type: 'promotion.requested', plan, person: params.person },
        { type: 'promotion.started', gates, host },
      ],
    });
    if (!result.started) {
      throw buildRefusal(plan, result.gates);
    }
    this.#plans.delete(plan.id);
    runner.drive(plan.id);
    return plan.id;
  }

  /** Stops a promotion, waits, and answers with what the cluster then says. */
  async cancel(promotionId: string, person: string): Promise<Promotion> {
    return this.#options.runner.cancel(promotionId, person);
  }

  /** Promotions, newest first. */
  list(params: Params<'promotion.list'>): readonly Promotion[] {
    return this.#options.store.promotions.list(params);
  }

  /** A piece of a step's output, redacted. */
  readOutput(place: OutputPlace): SpoolPiece {
    const { promotion, spool, ended } = this.#findOutput(place);
    if (spool === undefined) {
      return { offset: place.offset, text: '', nextOffset: place.offset, ended };
    }
    return readSpool(spool, { offset: place.offset, redactor: this.#options.redactorOf(promotion), ended });
  }

  /** Follows a step's output until the step has ended or the signal aborts; a step that waits is waited for. */
  async *followOutput(place: OutputPlace & { readonly signal: AbortSignal }): AsyncGenerator<SpoolPiece> {
    const { promotion } = this.#findOutput(place);
    const started = await this.#waitForStep(place, step => step.spool !== undefined || step.ended);
    if (started?.spool === undefined || place.signal.aborted) {
      yield { offset: place.offset, text: '', nextOffset: place.offset, ended: true };
      return;
    }
    yield* followSpool(started.spool, {
      offset: place.offset,
      redactor: this.#options.redactorOf(promotion),
      ended: this.#waitForStep(place, step => step.ended),
      signal: place.signal,
    });
  }

  #findOutput({ promotionId, stepId }: Pick<OutputPlace, 'promotionId' | 'stepId'>) {
    const promotion = this.#options.store.promotions.load(promotionId);
    const step = promotion.steps.find(candidate => candidate.id === stepId);
    const ended = promotionHasEnded(promotion) || step?.endedAt !== undefined;
    return { promotion, spool: step?.spool, ended };
  }

  /** Resolves when a step's progress satisfies the condition, or the signal aborts. */
  async #waitForStep(
    place: OutputPlace & { readonly signal: AbortSignal },
    satisfies: (found: { readonly spool: string | undefined; readonly ended: boolean }) => boolean,
  ) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (satisfies(this.#findOutput(place))) {
        resolve();
      }
    };
    const subscription = this.#options.store.journal.onAppended(look);
    const abort = () => resolve();
    place.signal.addEventListener('abort', abort, { once: true });
    look();
    try {
      await promise;
    } finally {
      subscription.dispose();
      place.signal.removeEventListener('abort', abort);
    }
    return this.#findOutput(place);
  }

  #gatherGateInput(
    repository: OpenRepository,
    about: {
      readonly environment: Environment;
      readonly release: PlannedRelease;
      readonly kind: Plan['kind'];
      readonly clusterId?: string;
      readonly queries?: PromotionQueries;
    },
  ): GateInput {
    const { store } = this.#options;
    const { environment, release, kind, clusterId, queries = store.promotions } = about;
    const advice = repository.view().policy.advice;
    const lock =
      clusterId !== undefined && environment.cluster
        ? store.locks.get({ clusterId, namespace: environment.cluster.namespace })
        : undefined;
    return {
      kind,
      release,
      environment,
      ...(environment.after === undefined
        ? {}
        : { before: buildPrevious(repository, { name: environment.after, release, queries }) }),
      ...(lock ? { lock } : {}),
      enforcement: advice === undefined ? store.enforcement : `${store.enforcement}; ${advice}`,
    };
  }

  /** The world and the policy must be as they were when the plan was read. Throws `planStale`. */
  async #requireFresh(repository: OpenRepository, plan: Plan): Promise<Environment> {
    const policy = await repository.requirePolicy();
    repository.requireTrust();
    const environment = findEnvironment(policy.procedure.environments, plan.target.environment);
    if (environment.policyHash !== plan.policy.hash) {
      throw new SlipwayError(
        'planStale',
        `The policy of ${environment.name} has changed since the plan was read.`,
      );
    }
    const signal = AbortSignal.timeout(60_000);
    const kind = plan.kind === 'rollback' ? 'rollback' : 'regular';
    const again = await this.plan(
      {
        repositoryId: plan.repositoryId,
        environment: environment.name,
        kind,
        ...(kind === 'regular' ? { release: plan.release.version } : {}),
      },
      signal,
    );
    this.#plans.delete(again.id);
    const changes = listChanges(plan, again);
    if (changes.length > 0) {
      throw new SlipwayError('planStale', `Since the plan was read this changed: ${changes.join('; ')}.`);
    }
    return environment;
  }

  #requirePlan(planId: string): BuiltPlan {
    const built = this.#plans.get(planId);
    const age = built ? this.#options.clock().getTime() - Date.parse(built.plan.readAt) : 0;
    if (!built || age > planAgeMs) {
      throw new SlipwayError('planGone', `The plan ${planId} is not there any more.`);
    }
    return built;
  }

  #keep(built: BuiltPlan): void {
    this.#plans.set(built.plan.id, built);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > keptPlans && oldest !== undefined) {
      this.#plans.delete(oldest);
    }
  }
}

function findEnvironment(environments: readonly Environment[], name: string): Environment {
  const environment = environments.find(candidate => candidate.name === name);
  if (!environment) {
    throw new SlipwayError(
      'unknownEnvironment',
      `There is no environment "${name}" in the governing slipway.yaml.`,
    );
  }
  return environment;
}

function requireRelease(release: string | undefined): string {
  if (release === undefined) {
    throw new SlipwayError('badRequest', 'A regular promotion needs a release.');
  }
  return release;
}

function requireConfirmation(plan: Plan, given: Params<'promotion.start'>): void {
  if (given.planDigest !== plan.digest) {
    throw new SlipwayError('planStale', 'The plan that was confirmed is another one.');
  }
  if (plan.confirmation === 'typeEnvironment' && given.confirmation !== plan.target.environment) {
    throw new SlipwayError('notConfirmed', `${plan.target.environment} is confirmed by typing its name.`);
  }
}

function buildPrevious(
  repository: OpenRepository,
  about: { readonly name: string; readonly release: PlannedRelease; readonly queries: PromotionQueries },
): PreviousEnvironment {
  const { name, release, queries } = about;
  const succeeded = queries.lastSucceeded({
    repositoryId: repository.id,
    environment: name,
    releaseDigest: release.digest,
  });
  const view = repository.viewEnvironment(name);
  const { connection } = view ?? { connection: undefined };
  return {
    name,
    ...(succeeded ? { succeeded } : {}),
    ...(view && connection?.state === 'live' ? { running: view.running } : {}),
    ...(connection?.reason === undefined ? {} : { problem: connection.reason }),
  };
}

/** What a person must hear before a plan that was read earlier starts. */
function listChanges(plan: Plan, again: Plan): readonly string[] {
  const revisions = (of: Plan) => of.steps.map(step => step.input['baseRevision'] ?? '').join(',');
  const images = (of: Plan) =>
    of.images.map(image => `${image.before ?? 'nothing'} to ${image.after}`).join(', ');
  const objects = (of: Plan) => of.objects.map(object => `${object.change} ${object.object}`).join(', ');
  return [
    ...(plan.release.digest === again.release.digest ? [] : [`the release ${plan.release.version}`]),
    ...(plan.target.clusterId === again.target.clusterId ? [] : ['the cluster']),
    ...(revisions(plan) === revisions(again) ? [] : ["Helm's newest revision"]),
    ...(images(plan) === images(again) ? [] : [`the images (now ${images(again)})`]),
    ...(objects(plan) === objects(again) ? [] : ['the objects in the cluster']),
    ...(plan.digest === again.digest ? [] : ['the commands or values']),
  ];
}

function buildRefusal(plan: Plan, gates: readonly Gate[]): SlipwayError {
  const holding = gates.filter(gate => gate.state !== 'pass');
  const lock = holding.find(gate => gate.kind === 'lock');
  const reasons = holding.map(gate => `${gate.title}: ${gate.reason}`).join(' ');
  const onlyLock = lock !== undefined && holding.length === 1;
  const next = holding.map(gate => gate.next ?? '').filter(text => text !== '');
  return new SlipwayError(
    onlyLock || allGatesPass(gates) ? 'locked' : 'gateHolds',
    `${plan.release.version} cannot go to ${plan.target.environment} now. ${reasons}`.trim(),
    next.length > 0 ? { next: next.join(' ') } : {},
  );
}

/** Sortable, unique, and fit for a label: `p-20261123-205512-4f2a`. */
function buildPromotionId(now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `p-${stamp}-${randomBytes(4).toString('hex')}`;
}
