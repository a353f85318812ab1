import * as z from 'zod';
import type { ToolOutput, ToolRun } from '../../../daemon/tools/process/toolRun.ts';

type Release = { readonly release: string; readonly namespace: string };

/** One row of `helm history`. */
export type HistoryRow = z.infer<typeof rowSchema>;

const rowSchema = z.object({
  revision: z.int(),
  status: z.string(),
  /** "Upgrade complete", "Rollback to 1", or the words of a failure. */
  description: z.string(),
  /** The revision that a rollback copied; Helm 4 only. */
  rollback_revision: z.optional(z.int()),
});

/** Reads what Helm says of a release, oldest first; an empty list where it knows none. The daemon reads Helm's Secrets instead. */
export function buildHistoryRun({ release, namespace }: Release): ToolRun<readonly HistoryRow[]> {
  const isNotFound = ({ stderr }: ToolOutput) => /^Error: release: not found$/m.test(stderr);
  return {
    tool: 'helm',
    args: ['history', release, '--namespace', namespace, '--output', 'json'],
    // Helm has one exit code for every failure; "not found" is an answer.
    answers: output => output.exitCode === 0 || isNotFound(output),
    parse: output => (isNotFound(output) ? [] : z.array(rowSchema).parse(JSON.parse(output.stdout))),
  };
}

/** Reads the manifest that Helm keeps for the newest revision. */
export function buildManifestRun({ release, namespace }: Release): ToolRun<string> {
  return {
    tool: 'helm',
    args: ['get', 'manifest', release, '--namespace', namespace],
    parse: ({ stdout }) => stdout,
  };
}
