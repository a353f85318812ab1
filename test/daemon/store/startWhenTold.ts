import { createInterface } from 'node:readline';
import { openEmbeddedStore } from '../../../daemon/store/embedded/openEmbeddedStore.ts';
import { aPlan } from '../../builders/plan.ts';
import { aStart } from './temporaryStore.ts';

// Starts a promotion in the namespace that each line of its input names, and says whether it won.
const [folder = '', name = ''] = process.argv.slice(2);
const store = openEmbeddedStore({ folder, clock: () => new Date() });
console.log('ready');
for await (const round of createInterface({ input: process.stdin })) {
  const target = { ...aPlan().target, namespace: `round-${round}` };
  const { started } = await store.startPromotion(aStart(`${name}-${round}`, { target }));
  console.log(started ? 'started' : 'refused');
}
