/** How often numbers change at most while they run, in milliseconds. */
const paceMs = 100;

/** So much longer an update waits for a frame that is drawn anyhow, in milliseconds, before it takes one of its own. */
const frameMs = 50;

/**
 * Gives back what asks for an update: it comes at once, or a little later while numbers run, since each new one is laid
 * out and drawn, and nobody can read so many.
 */
export function paceUpdates(update: () => void, isRunning: () => boolean): () => void {
  let last = Number.NEGATIVE_INFINITY;
  let timer: number | undefined;
  const run = () => {
    window.clearTimeout(timer);
    timer = undefined;
    last = performance.now();
    update();
  };
  return () => {
    const wait = isRunning() ? last + paceMs - performance.now() : 0;
    if (wait <= 0) {
      run();
    } else {
      timer ??= window.setTimeout(run, wait + frameMs);
    }
  };
}
