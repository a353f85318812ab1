/** A command cannot go on: what happened, and what the person can do next. */
export class CommandFailure extends Error {
  readonly code: string;
  readonly next: string | undefined;

  constructor(code: string, message: string, next: string | undefined) {
    super(message);
    this.name = 'CommandFailure';
    this.code = code;
    this.next = next;
  }
}
