import { dirname, resolve } from 'node:path';
import { buildRedactor, type Redactor } from '../../protocol/redaction/redact.ts';
import type { Conversation } from './conversation.ts';
import { findTool } from './findTool.ts';
import { runTool } from './runTool.ts';

/** A program that a kubeconfig names to log in: aws, gke-gcloud-auth-plugin, kubelogin. */
export type PluginRun = {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside the tools' environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Where it can ask a person; without it, it gets no standard input. */
  readonly prompt?: Conversation;
};

/** Where and with what a plugin runs. */
export type RunPluginOptions = {
  /** The tools' environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The kubeconfig that names the plugin: a relative command counts from its folder, as kubectl has it. */
  readonly kubeconfig: string;
  readonly signal?: AbortSignal;
  readonly redactor?: Redactor;
};

/** Runs a credential plugin and gives what it printed; never with a terminal. Throws like runTool. */
export async function runPlugin(
  run: PluginRun,
  { env, kubeconfig, signal, redactor = buildRedactor() }: RunPluginOptions,
): Promise<{ readonly stdout: string }> {
  const folder = dirname(kubeconfig);
  const path = run.command.includes('/')
    ? resolve(folder, run.command)
    : findTool(run.command, { path: env['PATH'] });
  return runTool(
    {
      tool: 'credential plugin',
      args: run.args,
      env: run.env,
      parse: ({ stdout }) => ({ stdout }),
    },
    {
      path,
      env,
      cwd: folder,
      timeoutMs: run.timeoutMs,
      maxBytes: 1024 * 1024,
      redactor,
      ...(run.prompt ? { conversation: run.prompt } : {}),
      ...(signal ? { signal } : {}),
    },
  );
}
