import type { LogBatch } from '../../../daemon/protocol/log.ts';
import type { ReadPlan } from './planRead.ts';
import type { Questions } from './questions.ts';

/** What came, and what it was asked for. */
export type ReadAnswer = { readonly plan: ReadPlan; readonly batch: LogBatch };

/** What reads work with. */
export type ReadsParts = {
  readonly questions: Questions;
  /** There is an answer, or it is time to ask again. */
  readonly onChanged: () => void;
  readonly onProblem: (error: unknown) => void;
};

/** So many reads of a follower are on their way: as many as fit between a question and the frame that shows its answer. */
const mostAhead = 4;

/** More are asked for once fewer than so many are left: questions that leave together are one message of VS Code's. */
const fewestAhead = 2;

/** After a read that failed, in milliseconds: the extension says what is wrong meanwhile. */
const againMs = 1_000;

/** The reads that are on their way, in their order, and what came of them since the last frame. */
export class ReadsAhead {
  readonly #parts: ReadsParts;
  #asked: readonly { readonly plan: ReadPlan }[] = [];
  #answers: ReadAnswer[] = [];

  constructor(parts: ReadsParts) {
    this.#parts = parts;
  }

  /** Asks for what a plan says, unless that is on its way; what is less urgent is given up for it. */
  ask(plan: ReadPlan, filterId: string | undefined): void {
    const [first] = this.#asked;
    if (!first || isMoreUrgent(plan, first.plan)) {
      this.#asked = [];
      this.#send(plan, { from: plan.from, filterId });
    }
  }

  /** A follower's reads are on their way before it is known where they begin: each goes on where the one before ended. */
  askAhead(filterId: string | undefined): void {
    const last = this.#asked.at(-1);
    if (last?.plan.kind === 'append' && this.#asked.length < fewestAhead) {
      for (let ahead = this.#asked.length; ahead < mostAhead; ahead += 1) {
        this.#send({ ...last.plan, wait: true, skipped: 0 }, { filterId });
      }
    }
  }

  /** What came since it was asked last, in its order; rows at the end that go on from one another come as one. */
  takeAnswers(): readonly ReadAnswer[] {
    const taken: ReadAnswer[] = [];
    for (const answer of this.#answers.splice(0)) {
      const before = taken.at(-1);
      const joined = before && joinAppends(before, answer);
      if (joined) {
        taken.pop();
      }
      taken.push(joined ?? answer);
    }
    return taken;
  }

  /** Answers to what was asked so far are not wanted any more. */
  forget(): void {
    this.#asked = [];
    this.#answers = [];
  }

  #send(
    plan: ReadPlan,
    { from, filterId }: { readonly from?: number; readonly filterId: string | undefined },
  ): void {
    const asked = { plan };
    this.#asked = [...this.#asked, asked];
    this.#parts.questions
      .ask({
        type: 'read',
        limit: plan.limit,
        wait: plan.wait,
        ...(from === undefined ? {} : { from }),
        ...(filterId === undefined ? {} : { filterId }),
      })
      .then(
        ({ batch }) => {
          if (this.#asked.includes(asked)) {
            this.#asked = this.#asked.filter(other => other !== asked);
            this.#answers.push({ plan, batch });
            this.#parts.onChanged();
          }
        },
        error => {
          if (this.#asked.includes(asked)) {
            this.#fail(error);
          }
        },
      );
  }

  /** Where one has failed, those that go on from it get no answer. */
  #fail(error: unknown): void {
    const failed = this.#asked;
    this.#parts.onProblem(error);
    setTimeout(() => {
      this.#asked = this.#asked === failed ? [] : this.#asked;
      this.#parts.onChanged();
    }, againMs);
  }
}

/** A question that may wait gives way to one for something else, and what is near the screen to where somebody goes. */
function isMoreUrgent(plan: ReadPlan, asked: ReadPlan): boolean {
  const isOther = plan.kind !== asked.kind;
  return isOther && ((asked.wait && !plan.wait) || plan.kind === 'replace');
}

/** Each change of the document is laid out anew: a page that is late takes all that came in one. */
function joinAppends(left: ReadAnswer, right: ReadAnswer): ReadAnswer | undefined {
  const [before, after] = [left.batch, right.batch];
  const goesOn =
    left.plan.kind === 'append' &&
    right.plan.kind === 'append' &&
    before.count > 0 &&
    after.count > 0 &&
    after.from === before.from + before.count;
  return goesOn
    ? {
        plan: left.plan,
        batch: {
          ...after,
          from: before.from,
          count: before.count + after.count,
          text: `${before.text}\n${after.text}`,
        },
      }
    : undefined;
}
