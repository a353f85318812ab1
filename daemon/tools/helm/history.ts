import * as z from 'zod';
import type { ToolOutput, ToolRun } from '../process/toolRun.ts';
import { checkNamespace, checkRelease } from './argument.ts';

/** One row of `helm history`. */
export type HelmHistoryRow = {
  readonly revision: number;
  /** ISO time in UTC. */
  readonly updatedAt: string;
  readonly status: string;
  /** `kosmos-1.2.3`; cannot be split safely, since both halves may hold a "-". */
  readonly chart: string;
  readonly appVersion: string;
  /** "Upgrade complete", "Rollback to 1", or the words of a failure. */
  readonly description: string;
  /** The revision that a rollback copied; Helm 4 only. */
  readonly rollbackRevision?: number;
};

/** Reads a release's history, oldest first; an empty list where Helm knows no such release. */
export function buildHistoryRun(options: {
  readonly release: string;
  readonly namespace: string;
}): ToolRun<readonly HelmHistoryRow[]> {
  return {
    tool: 'helm',
    args: [
      'history',
      checkRelease(options.release),
      '--namespace',
      checkNamespace(options.namespace),
      '--max',
      '1000',
      '--output',
      'json',
    ],
    // Helm has one exit code for every failure; "not found" is an answer.
    answers: output => output.exitCode === 0 || isNotFound(output),
    parse: output => (isNotFound(output) ? [] : parseHistory(output.stdout)),
  };
}

/** Parses `helm history --output json`. */
export function parseHistory(json: string): readonly HelmHistoryRow[] {
  return historySchema.parse(JSON.parse(json)).map(row => ({
    revision: row.revision,
    updatedAt: new Date(row.updated).toISOString(),
    status: row.status,
    chart: row.chart,
    appVersion: row.app_version,
    description: row.description,
    ...(row.rollback_revision ? { rollbackRevision: row.rollback_revision } : {}),
  }));
}

function isNotFound({ stderr }: ToolOutput): boolean {
  return /^Error: release: not found$/m.test(stderr);
}

const historySchema = z.array(
  z.object({
    revision: z.number().int(),
    updated: z.string(),
    status: z.string(),
    chart: z.string().default(''),
    app_version: z.string().default(''),
    description: z.string().default(''),
    rollback_revision: z.optional(z.number().int()),
  }),
);
