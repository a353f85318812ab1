import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../../sandbox/runCommand.ts';
import { stopSharedCluster } from '../cluster/sharedCluster.ts';
import { describeMachine, readLoad } from './machine.ts';
import { measurements } from './measurements.ts';
import { buildTable, type Measured } from './table.ts';

/**
 * `npm run bench`: measures, prints a table, and writes every sample to a JSON file below out/bench.
 *
 * --only NAME   that measurement alone; may be given more than once
 */
const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const root = join(import.meta.dirname, '..', '..');
const names = measurements.map(({ name }) => name);
const unknown = (values.only ?? []).filter(name => !names.includes(name));

if (unknown.length > 0) {
  console.error(`There is no measurement ${unknown.join(', ')}; there are: ${names.join(', ')}.`);
  process.exitCode = 1;
} else {
  await measure(measurements.filter(({ name }) => !values.only || values.only.includes(name)));
}

async function measure(chosen: typeof measurements): Promise<void> {
  await runCommand(process.execPath, ['build.mjs'], { cwd: root });
  const machine = describeMachine();
  const measured: Measured[] = [];
  try {
    for (const { name, run } of chosen) {
      const load = readLoad();
      console.log(`Measuring ${name} (load ${load} on ${machine.processors} processors)`);
      measured.push({ name, load, figures: await run() });
    }
  } finally {
    await stopSharedCluster();
  }
  const folder = join(root, 'out', 'bench');
  await mkdir(folder, { recursive: true });
  const at = new Date().toISOString();
  const file = join(folder, `${at.replaceAll(':', '-')}.json`);
  await writeFile(file, `${JSON.stringify({ at, machine, measured }, null, 2)}\n`);
  console.log(`\n${buildTable(machine, measured)}\n\nEvery sample: ${file}`);
}
