import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateKubeconfig } from '../clusters/kubeconfig.ts';
import { BoundedMap } from '../model/boundedMap.ts';
import type { Gate } from '../model/gate.ts';
import { allGatesPass } from '../model/gate.ts';
import { decideGates } from '../model/gates/decideGates.ts';
import type { LockHolder } from '../model/gates/gateInput.ts';
import type { Plan } from '../model/plan.ts';
import type { Promotion } from '../model/promotion.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { Params } from '../protocol/messages.ts';
import type { Toolbox } from '../sources/toolbox.ts';
import { stepKinds } from '../steps/stepKinds.ts';
import type { LockKey, Store } from '../store/store.ts';
import type { SpoolPiece } from '../tools/process/readSpool.ts';
import type { OpenRepositories } from '../watching/openRepositories.ts';
import type { OpenRepository } from '../watching/openRepository.ts';
import { type BuiltPlan, buildRollbackPlan, buildUpgradePlan, type GateDecision } from './buildPlan.ts';
import { gatherGateInput } from './gatherGateInput.ts';
import type { PlanContext, PlanTextName } from './planContext.ts';
import type { PromotionRunner } from './promotionRunner.ts';
import { findEnvironment, readGates } from './readGates.ts';
import { requireFresh } from './requireFresh.ts';
import { type OutputPlace, StepOutputs } from './stepOutputs.ts';
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

/** How long the look just before a start may take, in milliseconds. */
const lookMs = 60_000;

/** Plans, starts and cancels promotions, and reads what their tools print. */
export class PromotionService {
  readonly #options: PromotionServiceOptions;
  readonly #plans = new BoundedMap<string, BuiltPlan>(keptPlans);
  readonly #outputs: StepOutputs;

  constructor(options: PromotionServiceOptions) {
    this.#options = options;
    this.#outputs = new StepOutputs(options);
  }

  /** Reads the live state and fixes the steps; starts nothing. */
  async plan(params: Params<'promotion.plan'>, signal: AbortSignal): Promise<Plan> {
    const { repositories, toolbox, runsFolder } = this.#options;
    const repository = repositories.get(params.repositoryId);
    // Without a helm that can do it, nothing else is worth looking at.
    const [notice] = await Promise.all([repository.catchUp(params.release), toolbox.readVersion('helm')]);
    const policy = repository.contents.requirePolicy();
    repository.requireTrust();
    const environment = findEnvironment(policy.procedure.environments, params.environment);
    const access = await repository.environments.get(environment.name).access(signal);
    const planId = buildPromotionId(this.#options.clock());
    const folder = join(runsFolder, planId);
    const { store } = this.#options;
    const decide: GateDecision = (release, digests) =>
      decideGates(
        gatherGateInput(
          { store, repository },
          { environment, release, digests, kind: params.kind, clusterId: access.clusterId },
        ),
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
        notices: notice === undefined ? [] : [notice],
      };
      built =
        params.kind === 'rollback'
          ? await buildRollbackPlan(context, decide)
          : await buildUpgradePlan(context, requireRelease(params.release), decide);
    } catch (error) {
      throw this.#explainLocked(error, { ...access, environment: environment.name });
    } finally {
      // It holds the person's key; a run that starts gets its own.
      await rm(folder, { recursive: true, force: true });
    }
    this.#plans.set(built.plan.id, built);
    return built.plan;
  }

  /** One side of a plan's diffs. Throws `planGone`. */
  readPlanText(planId: string, text: PlanTextName): string {
    return this.#requirePlan(planId).texts[text];
  }

  /** Decides the gates for a release now. */
  async decideGates(params: Params<'environment.gates'>): Promise<readonly Gate[]> {
    const repository = this.#options.repositories.get(params.repositoryId);
    await repository.refresh('local');
    return (await readGates({ store: this.#options.store, repository }, params)).gates;
  }

  /**
   * Starts a plan: first the world is looked at again, then gates, lock and start are one transaction.
   * Throws `planGone`, `planStale`, `notConfirmed`, `gateHolds` or `locked`.
   */
  async start(params: Params<'promotion.start'> & { readonly person: string }): Promise<string> {
    const { store, repositories, runner, host } = this.#options;
    const built = this.#requirePlan(params.planId);
    const { plan } = built;
    const repository = repositories.get(plan.repositoryId);
    requireConfirmation(plan, params);
    const { clusterId, namespace } = plan.target;
    const files = layOutFirst(repository, plan);
    // A start that is refused does not need them.
    files.catch(() => {});
    const { environment, access } = await requireFresh(repository, built, AbortSignal.timeout(lookMs)).catch(
      error => {
        throw this.#explainLocked(error, plan.target);
      },
    );
    requireReadAfter(plan, store.locks.get({ clusterId, namespace }));
    const result = await store.startPromotion({
      promotionId: plan.id,
      person: params.person,
      lockKey: { clusterId, namespace },
      decide: view => {
        const { lock: _, ...input } = gatherGateInput(
          { store, repository, view },
          { environment, release: plan.release, digests: built.digests, kind: plan.kind, clusterId },
        );
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
    const { kubeconfig } = access;
    runner.drive(
      plan.id,
      files.then(folder => ({ kubeconfig, ...(folder === undefined ? {} : { files: folder }) })),
    );
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
    return this.#outputs.read(place);
  }

  /** Follows a step's output until the step has ended or the signal aborts; a step that waits is waited for. */
  followOutput(place: OutputPlace & { readonly signal: AbortSignal }): AsyncGenerator<SpoolPiece> {
    return this.#outputs.follow(place);
  }

  /** A pending revision, or a changed world, that our own running promotion explains is nobody's remains or doing. */
  #explainLocked(error: unknown, at: LockKey & { readonly environment: string }): unknown {
    const { clusterId, namespace, environment } = at;
    const lock = this.#options.store.locks.get({ clusterId, namespace });
    const isExplained =
      error instanceof SlipwayError && (error.code === 'pendingRevision' || error.code === 'planStale');
    return isExplained && lock && this.#options.runner.active.includes(lock.promotionId)
      ? new SlipwayError(
          'locked',
          `${lock.person} has been promoting ${lock.release} to ${environment} since ${lock.since}, and helm is at work.`,
          { details: { promotionId: lock.promotionId }, cause: error },
        )
      : error;
  }

  #requirePlan(planId: string): BuiltPlan {
    const built = this.#plans.get(planId);
    const age = built ? this.#options.clock().getTime() - Date.parse(built.plan.readAt) : 0;
    if (!built || age > planAgeMs) {
      throw new SlipwayError('planGone', `The plan ${planId} is not there any more.`);
    }
    return built;
  }
}

/** Lays out the release's files while the world is looked at, where the first step reads them. */
async function layOutFirst(
  repository: OpenRepository,
  { steps, release }: Plan,
): Promise<string | undefined> {
  const [first] = steps;
  if (!first || stepKinds[first.kind].readsFiles !== true) {
    return undefined;
  }
  // Never disposed: the tool reads it after a restart of the daemon too; it goes by age.
  return (await repository.contents.checkout(release.commit)).folder;
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

/** Taking over what an ended promotion left needs a look that was taken after its end. */
function requireReadAfter(plan: Plan, lock: LockHolder | undefined): void {
  if (lock?.needsPersonSince !== undefined && Date.parse(plan.readAt) < Date.parse(lock.needsPersonSince)) {
    throw new SlipwayError(
      'planStale',
      `Since the plan was read the promotion of ${lock.release} by ${lock.person} has ended, and it needs a person.`,
    );
  }
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
