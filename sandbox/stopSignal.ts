/**
 * Turns the first SIGINT, SIGTERM or SIGHUP of this process into an aborted `signal` and a resolved `stopped`, so that
 * what was started can be ended in order; a second one ends the process at once.
 */
export function stopSignal(): { signal: AbortSignal; stopped: Promise<void> } {
  const controller = new AbortController();
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const stopped = new Promise<void>(resolve => {
    const onSignal = (): void => {
      for (const name of names) {
        process.off(name, onSignal);
      }
      controller.abort(new Error('Stopped by a signal'));
      resolve();
    };
    for (const name of names) {
      process.on(name, onSignal);
    }
  });
  return { signal: controller.signal, stopped };
}
