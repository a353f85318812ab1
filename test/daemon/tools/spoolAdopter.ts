import { type AdoptOptions, adoptSpooledTool } from '../../../daemon/tools/process/adoptSpooledTool.ts';

/** A process that adopts a spooled tool, says what it found and how the tool ended; its options are its argument. */
const options: AdoptOptions = JSON.parse(process.argv[2] ?? '');
const adopted = await adoptSpooledTool(options);
console.log(adopted.state);
if (adopted.state !== 'neverStarted') {
  const exit = adopted.state === 'running' ? await adopted.tool.done : adopted.exit;
  console.log(JSON.stringify(exit));
}
process.exit(0);
