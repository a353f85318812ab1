import { BoundedMap } from '../model/boundedMap.ts';
import { type Check, mayTick, type Tick } from '../model/check.ts';
import { type CheckStatus, decideCheck, describePeople } from '../model/decideCheck.ts';
import type { Digest } from '../model/digest.ts';
import { listDigestChanges } from '../model/digests/digestChanges.ts';
import type { NamedDigest } from '../model/digests/digestParts.ts';
import type { ChecklistView, CheckView } from '../protocol/checklist.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { Params } from '../protocol/messages.ts';
import type { Store } from '../store/store.ts';
import type { OpenRepositories } from '../watching/openRepositories.ts';
import type { OpenRepository } from '../watching/openRepository.ts';
import { type GatesRead, readGates } from './readGates.ts';

/** What the service works with. */
export type ChecklistServiceOptions = {
  readonly store: Store;
  readonly repositories: OpenRepositories;
  readonly clock: () => Date;
  readonly log: (message: string) => void;
};

/** Who acts. */
type By = { readonly person: string };

/** How many digests are remembered, so that a refusal can name what changed. */
const keptDigests = 200;

/** Somebody who has just come gets what is known first, and the machine with it, before the origin is asked; in milliseconds. */
const soonMs = 1_000;

/** The origin is asked for news at most this often for a repository that is looked at, in milliseconds. */
const newsMs = 15_000;

/** Reads checklists, and keeps and takes back what people say of their checks. */
export class ChecklistService {
  readonly #options: ChecklistServiceOptions;
  /** What was shown to people, by digest. */
  readonly #shown = new BoundedMap<Digest, NamedDigest>(keptDigests);
  readonly #asked = new Map<string, number>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  constructor(options: ChecklistServiceOptions) {
    this.#options = options;
  }

  /** Gates and checks of a release in an environment, as everything was read last. */
  async read(params: Params<'checklist.read'> & By): Promise<ChecklistView> {
    const { store, repositories } = this.#options;
    const repository = repositories.get(params.repositoryId);
    this.#askForNews(repository, params.release);
    const read = await readGates({ store, repository }, params);
    this.#remember(read.digests.release);
    if (read.digests.plan) {
      this.#remember(read.digests.plan);
    }
    return buildView(params, read, store.journal.head().sequence);
  }

  /** Keeps a person's word. Throws `unknownCheck`, `notInRole`, `notConnected` or `checkStale`. */
  async tick(params: Params<'checklist.tick'> & By): Promise<ChecklistView> {
    const { store } = this.#options;
    const { status, digest, environment } = await this.#requireCheck(params);
    const { check, tick: standing } = status;
    const note = params.note === undefined ? standing?.note : cleanNote(params.note);
    if (!standing || standing.note !== note) {
      const { repositoryId, release, person } = params;
      store.ticks.tick({
        repositoryId,
        environment,
        release,
        person,
        checkId: check.id,
        check: check.text,
        scope: check.scope,
        role: check.proof.kind === 'tick' ? check.proof.role : '',
        digest: digest.digest,
        parts: digest.parts,
        ...(note === undefined || note === '' ? {} : { note }),
      });
    }
    return this.read(params);
  }

  /** Takes a tick back. Throws as `tick` does. */
  async untick(params: Params<'checklist.untick'> & By): Promise<ChecklistView> {
    const { status } = await this.#requireCheck(params);
    if (status.tick) {
      this.#options.store.ticks.untick(status.tick, params);
    }
    return this.read(params);
  }

  /** Asks no origin any more. */
  dispose(): void {
    for (const timer of this.#waiting.values()) {
      clearTimeout(timer);
    }
  }

  /** The check that a person may speak of, as it stands now, and only if it is still what they saw. */
  async #requireCheck(params: Params<'checklist.untick'> & By): Promise<{
    readonly status: CheckStatus;
    readonly digest: NamedDigest;
    readonly environment: string;
  }> {
    const { store, repositories } = this.#options;
    const repository = repositories.get(params.repositoryId);
    const { environment, input, policy } = await readGates({ store, repository }, params);
    const check = environment.checklist?.checks.find(({ id }) => id === params.checkId);
    if (!check || !input.checks) {
      throw new SlipwayError(
        'unknownCheck',
        `The checklist of ${environment.name} in ${policy.from} has no such check (any more).`,
      );
    }
    requireRole(check, params.person);
    const status = decideCheck(check, input.checks);
    const { digest } = status;
    if (!digest) {
      throw new SlipwayError('notConnected', status.reason);
    }
    if (digest.digest !== params.digest) {
      throw this.#buildStale(check, params.digest, digest);
    }
    return { status, digest, environment: environment.name };
  }

  #buildStale(check: Check, seen: Digest, now: NamedDigest): SlipwayError {
    const before = this.#shown.get(seen);
    const changes = before ? listDigestChanges(before.parts, now.parts).join('; ') : '';
    const what = changes === '' ? 'what it is for is not what you saw' : `this has changed: ${changes}`;
    return new SlipwayError('checkStale', `"${check.text}" was not touched: since you saw it, ${what}.`);
  }

  #remember(digest: NamedDigest): void {
    this.#shown.set(digest.digest, digest);
  }

  /** What a colleague pushed is noticed soon, and nobody waits for a slow origin. */
  #askForNews(repository: OpenRepository, release: string): void {
    const { clock, log } = this.#options;
    const { id } = repository;
    const since = clock().getTime() - (this.#asked.get(id) ?? 0);
    if (this.#waiting.has(id)) {
      return;
    }
    const timer = setTimeout(
      () => {
        this.#waiting.delete(id);
        this.#asked.set(id, clock().getTime());
        repository.catchUp(release).catch((error: unknown) => {
          log(`news of ${repository.repository.folder}: ${String(error)}`);
        });
      },
      Math.max(soonMs, newsMs - since),
    );
    timer.unref();
    this.#waiting.set(id, timer);
  }
}

function requireRole(check: Check, person: string): void {
  if (check.proof.kind === 'probe') {
    throw new SlipwayError(
      'unknownCheck',
      `"${check.text}" is not ticked by hand: it is proven by ${check.proof.probe}, which is not available yet.`,
    );
  }
  if (!mayTick(check.proof, person)) {
    throw new SlipwayError(
      'notInRole',
      `"${check.text}" is for ${describePeople(check.proof)}, and you are ${person}.`,
    );
  }
}

function buildView(params: Params<'checklist.read'> & By, read: GatesRead, sequence: number): ChecklistView {
  const { policy, environment, digests, gates } = read;
  const { checklist } = environment;
  const { checks: facts } = read.input;
  const { from, commit, advice } = policy;
  const copy = ({ digest, parts }: NamedDigest) => ({ digest, parts: [...parts] });
  return {
    repositoryId: params.repositoryId,
    environment: environment.name,
    release: params.release,
    commit: read.commit,
    sequence,
    person: params.person,
    gates: [...gates],
    ...(checklist && facts
      ? {
          checklist: {
            name: checklist.name,
            checks: checklist.checks.map(check => buildCheck(decideCheck(check, facts), params.person)),
          },
        }
      : {}),
    digests: { release: copy(digests.release), ...(digests.plan ? { plan: copy(digests.plan) } : {}) },
    policy: { from, commit, ...(advice === undefined ? {} : { advice }) },
  };
}

function buildCheck(status: CheckStatus, person: string): CheckView {
  const { check, state, reason, next, digest, tick, voided } = status;
  return {
    id: check.id,
    text: check.text,
    scope: check.scope,
    state,
    reason,
    ...(next === undefined ? {} : { next }),
    who: describePeople(check.proof),
    mine: mayTick(check.proof, person),
    ...(digest ? { digest: digest.digest } : {}),
    ...(tick ? { tick: buildTick(tick) } : {}),
    ...(voided ? { voided: { ...buildTick(voided.tick), why: voided.why } } : {}),
  };
}

function buildTick({ person, at, note }: Tick): NonNullable<CheckView['tick']> {
  return { person, at, ...(note === undefined ? {} : { note }) };
}

/** One line, without what a terminal or a document would take for more than text. */
function cleanNote(note: string): string {
  return note.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
