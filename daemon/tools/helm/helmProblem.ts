import { SlipwayError } from '../../protocol/errors.ts';
import { ToolError } from '../process/toolError.ts';
import type { HelmProblem } from './problemKind.ts';
import { problemRules } from './problemRules.ts';

/**
 * Finds out from helm's output, or from the description of a failed revision, why it failed; `undefined` when its words
 * are unknown. Helm has one exit code for everything, so only its words tell; they were read from helm 4.3.1. The cluster
 * decides what is true, not this.
 */
export function findHelmProblem(output: string): HelmProblem | undefined {
  const error = findErrorText(output);
  if (error === undefined) {
    return undefined;
  }
  for (const { kind, pattern, code, describe } of problemRules) {
    const match = pattern.exec(error);
    if (match) {
      return { kind, code, ...describe(match, error) };
    }
  }
  return undefined;
}

/** The error for people behind a failed run of helm: typed where its words are known, otherwise the run's own. */
export function buildHelmError(error: ToolError): SlipwayError {
  const problem = error.reason === 'failed' ? findHelmProblem(error.stderrTail) : undefined;
  if (!problem) {
    return error;
  }
  return new SlipwayError(problem.code, problem.sentence, {
    next: problem.next,
    details: { ...error.details, ...problem.details, problem: problem.kind },
    cause: error,
  });
}

/** Runs something of helm and turns its failures into errors for people. */
export async function withHelmErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof ToolError ? buildHelmError(error) : error;
  }
}

/**
 * Helm's own error: from the last line that begins with `Error: ` to the end, since warnings stand before it; or the
 * description of a failed revision.
 */
function findErrorText(output: string): string | undefined {
  const [description] = /^(?:Upgrade|Release|Rollback|Install) "[^"]*" failed: .*/s.exec(output) ?? [];
  if (description !== undefined) {
    return description.trim();
  }
  const start = `\n${output}`.lastIndexOf('\nError: ');
  return start < 0 ? undefined : output.slice(start + 'Error: '.length).trim();
}
