import type { ItemTarget } from '../state/itemTarget.ts';

/** A command cannot go on: what happened, and what the person can do next. */
export class CommandFailure extends Error {
  readonly code: string;
  readonly next: string | undefined;
  /** What it is about, for the buttons of its message; absent = what the command was started with. */
  readonly target: ItemTarget | undefined;

  constructor(code: string, message: string, next: string | undefined, target?: ItemTarget) {
    super(message);
    this.name = 'CommandFailure';
    this.code = code;
    this.next = next;
    this.target = target;
  }
}
