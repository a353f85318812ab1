import { buildRedactor } from '../protocol/redaction/redact.ts';
import { listKnownSecrets } from '../sources/setup/listKnownSecrets.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Takes every secret that this daemon knows out of a text. */
export function handleSetupRedact({ toolbox }: Pick<Services, 'toolbox'>): Handler<'setup.redact'> {
  return async ({ text }) => ({ text: buildRedactor(await listKnownSecrets(toolbox)).redact(text) });
}
