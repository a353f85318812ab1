import type { Toolbox } from '../sources/toolbox.ts';
import { adoptSpooledTool } from '../tools/process/adoptSpooledTool.ts';
import type { Faults } from '../tools/process/faults.ts';
import { startSpooledTool } from '../tools/process/spooledTool.ts';
import type { ToolHost } from './runnerPorts.ts';

/** The real tools: processes of their own that write into spools and outlive the daemon. */
export function buildToolHost(toolbox: Toolbox, faults: Faults): ToolHost {
  return {
    start: async options => {
      await toolbox.prepare();
      return startSpooledTool({
        ...options,
        path: toolbox.find(options.tool),
        env: { ...toolbox.env, ...options.env },
        faults,
      });
    },
    adopt: async ({ spool, timeoutSeconds, neverKill }) =>
      adoptSpooledTool({ spool, timeoutSeconds, neverKill }),
  };
}
