import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { buildSnapshotQueue } from '../../../daemon/server/snapshotQueue.ts';

describe('the snapshot queue', () => {
  it('keeps only the newest of each key while one is on its way, in the order of the keys', async () => {
    const sent: string[] = [];
    let release = () => {};
    const queue = buildSnapshotQueue<string>(snapshot => {
      sent.push(snapshot);
      return new Promise(resolve => {
        release = resolve;
      });
    });
    queue.push('a', 'a1');
    for (const [key, snapshot] of [
      ['a', 'a2'],
      ['b', 'b1'],
      ['a', 'a3'],
      ['b', 'b2'],
    ] as const) {
      queue.push(key, snapshot);
    }
    for (let index = 0; index < 3; index++) {
      release();
      await new Promise(resolve => setImmediate(resolve));
    }
    assert.deepEqual(sent, ['a1', 'a3', 'b2']);
  });

  it('goes on after a snapshot that could not be sent', async () => {
    const sent: string[] = [];
    const queue = buildSnapshotQueue<string>(async snapshot => {
      sent.push(snapshot);
      throw new Error('no');
    });
    queue.push('a', 'a1');
    await new Promise(resolve => setImmediate(resolve));
    queue.push('a', 'a2');
    await new Promise(resolve => setImmediate(resolve));
    assert.deepEqual(sent, ['a1', 'a2']);
  });
});
