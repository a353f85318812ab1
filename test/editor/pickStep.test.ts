import assert from 'node:assert/strict';
import { type PickAnswer, pickStep } from '../../extension/commands/pickStep.ts';
import { send } from './bridgeClient.ts';
import { waitUntil } from './extensionUnderTest.ts';

describe('a pick that searches while somebody types', () => {
  let answer: Promise<PickAnswer<string>> | undefined;

  afterEach(async () => {
    await send('look/press', 'Escape');
    await answer;
  });

  it('L-12f says that the search failed, and searches again on Enter', async () => {
    const asked: string[] = [];
    answer = pickStep<string>({
      title: 'Pick',
      placeholder: 'Type',
      items: [{ label: 'v2.0.0', value: 'v2.0.0' }],
      search: {
        find: async text => {
          asked.push(text);
          if (asked.length === 1) {
            throw new Error('No connection to the daemon.');
          }
          return [{ label: 'v1.17.0', value: 'v1.17.0' }];
        },
        buildFailed: error => ({ label: 'It could not be searched.', detail: String(error) }),
      },
    });
    const waitForRows = (label: string) =>
      waitUntil(async () => {
        const rows = (await send('look/quickPick', '')) as readonly string[];
        assert.ok(rows.length === 1 && rows[0]?.includes(label), rows.join(', '));
      });
    await waitForRows('v2.0.0');
    await send('look/type', 'v1.17');
    await waitForRows('It could not be searched., Error: No connection to the daemon.');
    await send('look/press', 'Enter');
    await waitForRows('v1.17.0');
    assert.deepEqual(asked, ['v1.17', 'v1.17']);
    await send('look/press', 'Enter');
    assert.deepEqual(await answer, { kind: 'picked', value: 'v1.17.0' });
  });
});
