import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Handlers } from '../handlers/requestContext.ts';
import type { Services } from '../handlers/services.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { requests } from '../protocol/messages.ts';

/** Completes the table with handlers that answer `internal: not available`. */
export function completeHandlers(handlers: Partial<Handlers>): Handlers {
  const names = Object.keys(requests);
  const missing = names.map(name => [
    name,
    async () => {
      throw new SlipwayError('internal', `${name} is not available in this version.`);
    },
  ]);
  return { ...(Object.fromEntries(missing) as Handlers), ...handlers };
}

/** A journal without events. */
export function buildEmptyJournal(): Services['journal'] {
  return {
    read: () => [],
    readPromotion: () => [],
    head: () => 0,
    onAppended: () => () => {},
    verify: async () => ({
      ok: true,
      events: 0,
      findings: [],
      provenUpTo: 0,
      message: 'The journal is empty.',
    }),
  };
}

/** Takes the folder for this process; `undefined` when another process has it. */
export function acquireSingleInstance(folder: string): { readonly release: () => void } | undefined {
  const database = new DatabaseSync(join(folder, 'instance.lock'));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === 5) {
      return undefined;
    }
    throw error;
  }
}
