import { type ErrorCode, SlipwayError } from '../../protocol/errors.ts';
import type { ProgramName } from './toolRun.ts';

/** Why a run of a tool gave no answer. */
export type ToolErrorReason =
  | 'timedOut'
  | 'cancelled'
  | 'notFound'
  | 'failed'
  | 'unreadable'
  | 'tooMuchOutput';

/** What is known about a run that gave no answer; every text is already redacted. */
export type ToolErrorFacts = {
  readonly tool: ProgramName;
  readonly args: readonly string[];
  readonly reason: ToolErrorReason;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines of standard error, redacted and without terminal codes. */
  readonly stderrTail: string;
  /** The last lines of standard output, redacted and without terminal codes: some tools explain themselves there. */
  readonly stdoutTail: string;
};

/** A run of a tool that gave no answer; a SlipwayError, so that people get what to do next. */
export class ToolError extends SlipwayError {
  readonly tool: ProgramName;
  readonly args: readonly string[];
  readonly reason: ToolErrorReason;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderrTail: string;
  readonly stdoutTail: string;

  constructor(message: string, facts: ToolErrorFacts, cause?: unknown) {
    super(codes[facts.reason], message, {
      details: {
        tool: facts.tool,
        command: [facts.tool, ...facts.args].join(' '),
        ...(facts.exitCode === null ? {} : { exitCode: String(facts.exitCode) }),
        ...(facts.stderrTail === '' ? {} : { stderr: facts.stderrTail }),
      },
      cause,
    });
    this.name = 'ToolError';
    this.tool = facts.tool;
    this.args = facts.args;
    this.reason = facts.reason;
    this.exitCode = facts.exitCode;
    this.signal = facts.signal;
    this.stderrTail = facts.stderrTail;
    this.stdoutTail = facts.stdoutTail;
  }
}

const codes: Readonly<Record<ToolErrorReason, ErrorCode>> = {
  timedOut: 'timedOut',
  cancelled: 'cancelled',
  notFound: 'toolMissing',
  failed: 'toolFailed',
  unreadable: 'toolFailed',
  tooMuchOutput: 'toolFailed',
};
