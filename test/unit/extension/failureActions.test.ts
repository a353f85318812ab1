import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { errorNextSteps } from '../../../daemon/protocol/errors.ts';
import { commandIds } from '../../../extension/commands/commandIds.ts';
import { buildFailureActions } from '../../../extension/commands/failureActions.ts';
import { fillIn } from '../../../extension/words.ts';

const words = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
const idByTitle = new Map(commandIds.map(id => [words[`command.${id.replace('slipway.', '')}`], id]));

describe('the buttons of error messages', () => {
  for (const [code, next] of Object.entries(errorNextSteps)) {
    const titles = [...next.matchAll(/"Slipway: ([^"]+)"/g)].map(match => match[1] ?? '');
    if (titles.length > 0) {
      it(`do what ${code} says to do next`, () => {
        const offered = buildFailureActions(code, fillIn).map(action => action.command);
        for (const title of titles) {
          const id = idByTitle.get(title);
          assert.ok(id, `there is no command "Slipway: ${title}"`);
          assert.ok(offered.includes(id), `${code} has no button for "Slipway: ${title}"`);
        }
      });
    }
  }

  it('are none where no command helps', () => {
    assert.deepEqual(buildFailureActions('notRunning', fillIn), []);
  });
});
