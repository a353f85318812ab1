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

  it('P-16r are there wherever a message is shown: VS Code folds one without a button into a line, and cuts it off', () => {
    // Nothing to do, or said where it happened: in an input box, in the page of a log.
    const elsewhere = ['cancelled', 'notRunning', 'notConfirmed', 'logGone', 'filterGone', 'tooManyLogs'];
    const exempt = new Set([...elsewhere, 'invalidPattern', 'saveFailed']);
    const bare = Object.keys(errorNextSteps).filter(
      code => !exempt.has(code) && buildFailureActions(code, fillIn).length === 0,
    );
    assert.deepEqual(bare, []);
  });

  it('speak of no setting that there is not', () => {
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      readonly contributes: {
        readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
      };
    };
    const names = Object.keys(contributes.configuration.properties);
    for (const [code, next] of Object.entries(errorNextSteps).filter(([, text]) =>
      text.includes('setting'),
    )) {
      const named = /slipway\.\w+/.exec(next)?.[0] ?? assert.fail(`${code} names no setting: ${next}`);
      assert.ok(
        names.some(name => name.startsWith(named)),
        `${code}: ${named}`,
      );
    }
  });

  it('are none where no command helps', () => {
    assert.deepEqual(buildFailureActions('notRunning', fillIn), []);
  });
});
