import { findMatches } from '../watching/logs/findMatches.ts';
import type { Handler } from './requestContext.ts';

/** Says where a pattern is in texts that are on the screen. */
export function handleLogMatch(): Handler<'log.match'> {
  return async ({ pattern, texts }, { signal }) => ({ matches: await findMatches(pattern, texts, signal) });
}
