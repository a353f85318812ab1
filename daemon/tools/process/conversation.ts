import type { ChildProcess } from 'node:child_process';
import { stripControlCharacters } from '../../protocol/redaction/controlCharacters.ts';
import type { Redactor } from '../../protocol/redaction/redact.ts';

/** What a tool says while it runs, and how it is answered. */
export type Conversation = {
  /** True where it gets a standard input. */
  readonly takesAnswers: boolean;
  /** Told all that it has written to its standard error so far, redacted, at each piece. */
  onSaid(text: string): void;
  /** It has started; its standard input, where it has one, is open until it ends. */
  onStarted(tool: { answer(line: string): void; stop(): void }): void;
  /** How much longer it may run, asked when its time is up, in milliseconds; 0 = no longer. */
  extend(): number;
};

/** Carries what a child says to whoever listens, and answers to its standard input. */
export function converse(
  child: ChildProcess,
  options: {
    readonly conversation: Conversation;
    readonly redactor: Redactor;
    readonly stop: () => void;
    readonly said: () => Buffer;
  },
): void {
  const { conversation, redactor, said, stop } = options;
  conversation.onStarted({ answer: line => child.stdin?.write(`${line}\n`), stop });
  child.stderr?.on('data', () =>
    conversation.onSaid(redactor.redact(stripControlCharacters(said().toString('utf8')))),
  );
}
