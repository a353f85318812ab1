import type { PlannedCommand } from '../../model/plan.ts';

/** The programs Slipway runs. */
export type ToolName = PlannedCommand['tool'];

/** What can be run: a tool, or a program that the user's own configuration names. */
export type ProgramName = ToolName | 'credential plugin' | 'login shell';

/** What a tool left behind when it ended: both streams whole, as UTF-8 text. */
export type ToolOutput = {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
};

/** A value that describes one short run of a tool; `runTool` is the one place that runs it. */
export type ToolRun<T> = {
  readonly tool: ProgramName;
  readonly args: readonly string[];
  /** Variables beside the base environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the tool reads from its standard input; without it the tool gets none. */
  readonly input?: string;
  /** Exit codes that are an answer and reach `parse`, or what decides where a tool has one code for all; `[0]` unless said. */
  readonly answers?: readonly number[] | ((output: ToolOutput) => boolean);
  /** True for a tool that is asked to stop but never killed. */
  readonly neverKill?: boolean;
  /** Reads the output; what it throws reaches the caller as a ToolError of reason `unreadable`. */
  parse(output: ToolOutput): T;
};
