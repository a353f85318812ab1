import { buildFaults } from '../../../daemon/tools/process/faults.ts';
import { type SpooledToolOptions, startSpooledTool } from '../../../daemon/tools/process/spooledTool.ts';

/** A process that starts a spooled tool, says `started PID`, and waits to be killed; its options are its argument. */
const options: Omit<SpooledToolOptions, 'faults'> = JSON.parse(process.argv[2] ?? '');
const tool = await startSpooledTool({ ...options, faults: buildFaults(process.env) });
console.log(`started ${tool.pid}`);
setInterval(() => undefined, 1000);
