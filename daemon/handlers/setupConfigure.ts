import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Keeps what the machine's settings say. */
export function handleSetupConfigure({ toolbox }: Services): Handler<'setup.configure'> {
  return async settings => {
    toolbox.configure(settings);
    return {};
  };
}
