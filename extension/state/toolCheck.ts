import type { DaemonRequests } from './daemonPort.ts';
import type { ReleaseStore } from './releaseStore.ts';

/** Asks which tools that a promotion needs cannot be used, and keeps the answer. */
export async function checkTools(parts: {
  readonly store: ReleaseStore;
  readonly daemon: DaemonRequests;
}): Promise<void> {
  const { problems } = await parts.daemon.request('setup.check', {});
  parts.store.apply({ type: 'toolsChecked', problems });
}
