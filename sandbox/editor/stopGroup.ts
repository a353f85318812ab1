import { setTimeout as wait } from 'node:timers/promises';

/**
 * Ends a server of the editor with all it has started, and waits until they are gone (10 s, then by force).
 *
 * Its extension hosts outlive it by seconds otherwise, and start a daemon again that was just stopped.
 */
export async function stopGroup(leader: number): Promise<void> {
  if (leader <= 0 || !signalGroup(leader, 'SIGTERM')) {
    return;
  }
  const deadline = performance.now() + 10_000;
  while (signalGroup(leader, 0)) {
    if (performance.now() > deadline) {
      signalGroup(leader, 'SIGKILL');
      return;
    }
    await wait(50);
  }
}

/** False when nobody of the group is left. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}
