import type { Inspection, ToolExit } from '../model/promotionEvent.ts';
import { describeOutput } from '../steps/describeFailure.ts';

/**
 * Adds why a tool failed to what a look has found. What was refused at once leaves nothing in the cluster that says why:
 * only the tool's own words do. What was done is still for the look alone to say.
 */
export function explainExit(inspection: Inspection, exit: ToolExit, output: string): Inspection {
  const words =
    inspection.state === 'notDone' && exit.reason === 'exited' ? describeOutput(output) : undefined;
  return words === undefined ? inspection : { ...inspection, summary: `${inspection.summary} ${words}` };
}
