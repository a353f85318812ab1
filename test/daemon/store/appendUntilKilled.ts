import { writeSync } from 'node:fs';
import { openEmbeddedStore } from '../../../daemon/store/embedded/openEmbeddedStore.ts';
import { anEvent, aStart } from './temporaryStore.ts';

// Appends promotions and other events until it is killed or the disk is full; acknowledges each on its output.
const [folder = ''] = process.argv.slice(2);
const store = openEmbeddedStore({ folder, clock: () => new Date() });
store.journal.onAppended(({ sequence, hash }) => writeSync(1, `${sequence} ${hash}\n`));
try {
  for (let count = 0; ; count += 1) {
    const id = `p-${process.pid}-${count}`;
    await store.startPromotion(aStart(id));
    store.promotions.append(id, { type: 'step.intended', stepId: 'step', attempt: 1, spool: '/spool' });
    store.journal.appendAll([anEvent(), anEvent()]);
    store.blobs.put(`output of ${id}`);
    // Like a crashed daemon, it leaves some promotions running, with their locks.
    const event = { type: 'promotion.ended', outcome: 'succeeded', reason: 'It runs.' } as const;
    store.endPromotion({ promotionId: id, event });
  }
} catch (error) {
  writeSync(1, `${error instanceof Error ? `${error.name} ${error.message}` : String(error)}\n`);
}
