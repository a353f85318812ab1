import { describeSetup } from '../sources/setup/describeSetup.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Tells how the daemon is set up. */
export function handleSetupShow({ toolbox, identity, store }: Services): Handler<'setup.show'> {
  return async () => {
    const described = await describeSetup(toolbox);
    const { pid, startedAt, program, home, logFile } = identity;
    return {
      ...described,
      store: { ...store.describe() },
      daemon: { pid, startedAt, node: process.version, program },
      stateFolder: home,
      logFile,
      notices: [...described.notices, ...store.notices()],
    };
  };
}
