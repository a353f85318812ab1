/** How long this thread computes while `act` runs, in milliseconds: what other processes do at the time does not count. */
export function measureProcessorTime(act: () => unknown): number {
  const before = process.threadCpuUsage();
  act();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
