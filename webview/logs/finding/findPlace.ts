import { parseEntry, splitBatch } from '../document/parseEntry.ts';
import type { Questions } from '../reading/questions.ts';
import type { Reach } from '../reading/reach.ts';

/**
 * Finds the place of an entry in a filtered view by its number: entries keep their order, so a few reads of one suffice.
 * It is the place of the first entry with that number or a higher one.
 */
export async function findPlace(questions: Questions, reach: Reach, sequence: number): Promise<number> {
  const { filterId } = reach;
  let low = reach.first;
  let high = reach.total;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { batch } = await questions.ask({
      type: 'peek',
      from: middle,
      ...(filterId === undefined ? {} : { filterId }),
    });
    const [row] = splitBatch(batch);
    if (row === undefined) {
      return middle;
    }
    if (parseEntry(row).sequence < sequence) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
