import { SlipwayError } from '../../protocol/errors.ts';
import type { ToolProblem } from '../../protocol/setup.ts';
import type { Toolbox } from '../toolbox.ts';

/** What no promotion can do without. */
const neededTools = ['git', 'helm'] as const;

/** Looks for the tools that a promotion needs; a version is asked for again only when the program has changed. */
export async function checkTools(toolbox: Toolbox): Promise<readonly ToolProblem[]> {
  await toolbox.prepare();
  const found = await Promise.all(neededTools.map(name => checkTool(toolbox, name)));
  return found.flatMap(problem => problem ?? []);
}

async function checkTool(
  toolbox: Toolbox,
  name: (typeof neededTools)[number],
): Promise<ToolProblem | undefined> {
  try {
    await toolbox.readVersion(name);
    return undefined;
  } catch (error) {
    const problem =
      error instanceof SlipwayError ? error : new SlipwayError('toolFailed', `${name}: ${String(error)}`);
    const { code, message, next } = problem;
    return { name, code, message, next };
  }
}
