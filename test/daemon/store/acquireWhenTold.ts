import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { acquireSingleInstance } from '../../../daemon/store/singleInstance.ts';

// Tries to be the single instance at each line of its input; says whether it is and how long that took, in ms.
const [folder = ''] = process.argv.slice(2);
writeSync(1, 'ready\n');
const held = [];
for await (const _ of createInterface({ input: process.stdin })) {
  const start = performance.now();
  const instance = acquireSingleInstance(folder);
  writeSync(1, `${instance ? 'won' : 'lost'} ${Math.round(performance.now() - start)}\n`);
  held.push(instance);
}
