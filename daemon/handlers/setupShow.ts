import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Tells how the daemon is set up. */
export function handleSetupShow({ toolbox, identity, store }: Services): Handler<'setup.show'> {
  return async () => {
    const described = await toolbox.describe();
    return {
      ...described,
      stateFolder: identity.home,
      logFile: identity.logFile,
      notices: [...described.notices, ...store.notices()],
    };
  };
}
