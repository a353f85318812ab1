/** A call that many changes share. */
export type Coalesced = {
  /** Something changed: the call comes at once, or when the interval since the last one is over. */
  mark(): void;
  dispose(): void;
};

/**
 * Calls back after changes: a lone one as soon as what is under way has been read, a storm of them once per
 * `intervalMs`. The last change is always followed by a call.
 */
export function coalesce(call: () => void, intervalMs: number): Coalesced {
  let lastCall = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  const run = () => {
    timer = undefined;
    immediate = undefined;
    lastCall = performance.now();
    call();
  };
  return {
    mark() {
      if (timer || immediate) {
        return;
      }
      const wait = lastCall + intervalMs - performance.now();
      if (wait <= 0) {
        // The other lines of the same chunk are read first.
        immediate = setImmediate(run);
      } else {
        timer = setTimeout(run, wait);
      }
    },
    dispose() {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
