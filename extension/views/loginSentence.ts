import { basename } from 'node:path';
import type { Login } from '../../daemon/protocol/login.ts';
import { findQuestion } from '../loginWords.ts';
import type { Words } from '../words.ts';

/** The sentence about a login that waits. */
export function buildLoginSentence({ command, server, said, asks }: Login, { t }: Words): string {
  const name = basename(command);
  const question = findQuestion(said);
  if (question === undefined) {
    return t('{0} waits to log in to {1}, maybe in your browser.', name, server);
  }
  return asks
    ? t('{0} asks, to log in to {1}: {2}', name, server, question)
    : t('{0} waits to log in to {1}. It says: {2}', name, server, question);
}
