import type { FromLogPage, ToLogPage } from '../../protocol/logMessages.ts';

/** A question of the page: a message that gets an answer with the same number. */
type Question = Extract<FromLogPage, { readonly id: number }>;

/** An answer, or why there is none. */
type Answer = Extract<ToLogPage, { readonly id: number }>;

/** A question without its number. */
type Unnumbered<Q> = Q extends Question ? Omit<Q, 'id'> : never;

type AnswerTypes = {
  readonly read: 'read';
  readonly peek: 'read';
  readonly filter: 'filtered';
  readonly find: 'found';
  readonly match: 'matched';
};

/** What answers a question of a type. */
type AnswerTo<T extends Question['type']> = Extract<ToLogPage, { readonly type: AnswerTypes[T] }>;

/** A question was refused. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

const outdated = new Set(['cancelled', 'filterGone']);

/** It was a question that something newer has replaced: nobody waits for its answer any more. */
export function isOutdated(error: unknown): boolean {
  return error instanceof Refusal && outdated.has(error.code);
}

/** Numbers questions and gives each its answer. */
export class Questions {
  readonly #send: (message: FromLogPage) => void;
  readonly #waiting = new Map<
    number,
    {
      readonly isRead: boolean;
      readonly resolve: (answer: Answer) => void;
      readonly reject: (error: Refusal) => void;
    }
  >();
  #last = 0;

  constructor(send: (message: FromLogPage) => void) {
    this.#send = send;
  }

  /** Asks; rejects with a Refusal. A read from a place of its own voids the reads before it, as it does at the other end. */
  ask<T extends Question['type']>(
    question: Extract<Unnumbered<Question>, { readonly type: T }>,
  ): Promise<AnswerTo<T>> {
    const asked: Unnumbered<Question> = question;
    if (asked.type === 'read' && asked.from !== undefined) {
      this.#giveUp(({ isRead }) => isRead);
    }
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        isRead: asked.type === 'read',
        resolve: answer => resolve(answer as AnswerTo<T>),
        reject,
      });
      this.#send({ ...question, id } as Question);
    });
  }

  /** Takes an answer. */
  take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.type === 'refused') {
      waiting?.reject(new Refusal(answer.code, answer.message));
    } else {
      waiting?.resolve(answer);
    }
  }

  /** Gives up on every question: the log that they were about is another. */
  forget(): void {
    this.#giveUp(() => true);
  }

  #giveUp(isMeant: (waiting: { readonly isRead: boolean }) => boolean): void {
    for (const [id, waiting] of this.#waiting) {
      if (isMeant(waiting)) {
        this.#waiting.delete(id);
        waiting.reject(new Refusal('cancelled', ''));
      }
    }
  }
}
