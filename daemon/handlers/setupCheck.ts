import { checkTools } from '../sources/setup/checkTools.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Tells which tools that a promotion needs cannot be used. */
export function handleSetupCheck({ toolbox }: Services): Handler<'setup.check'> {
  return async () => ({ problems: [...(await checkTools(toolbox))] });
}
