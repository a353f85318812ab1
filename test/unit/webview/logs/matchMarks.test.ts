import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { MatchMarks } from '../../../../webview/logs/finding/matchMarks.ts';
import { Questions } from '../../../../webview/logs/reading/questions.ts';
import type { FromLogPage } from '../../../../webview/protocol/logMessages.ts';

const pattern = { text: 'a+', regex: true, matchCase: false };

describe('the marks of a regular expression', () => {
  /** Asks for the marks of a text, which is refused, and gives what was said and how often it was asked. */
  async function refuse(code: string): Promise<{ said: string[]; asked: number; isMarking: boolean }> {
    const asked: FromLogPage[] = [];
    const said: string[] = [];
    const questions = new Questions(question => asked.push(question));
    const marks = new MatchMarks({ questions, onChanged: () => {}, onRefused: reason => said.push(reason) });
    marks.mark(pattern);
    for (let redraws = 0; redraws < 3; redraws++) {
      marks.find('aa');
      await turn();
      const id = asked.length;
      questions.take({ type: 'refused', id, code, message: `It is ${code}.` });
      await turn();
    }
    return { said, asked: asked.length, isMarking: marks.isMarking };
  }

  it('P-05h are done without where an older daemon does not know them, and it is said once', async () => {
    assert.deepEqual(await refuse('badRequest'), { said: ['It is badRequest.'], asked: 1, isMarking: false });
  });

  it('are asked for again when the daemon could not answer', async () => {
    assert.deepEqual(await refuse('disconnected'), { said: [], asked: 3, isMarking: true });
  });
});
