// Loaded into a daemon before its program (NODE_OPTIONS=--require): measures from inside how long its event loop stood
// still, and what it needs, and writes that to the file that SLIPWAY_LOOP_FILE names.
const { writeFileSync, renameSync } = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');

const file = process.env.SLIPWAY_LOOP_FILE;
delete process.env.NODE_OPTIONS;
delete process.env.SLIPWAY_LOOP_FILE;
if (file) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  let longestTask = 0;
  let peakRss = 0;
  let lastCpu = process.threadCpuUsage();
  // What a busy machine takes away is wall-clock time: a task of this thread's own also shows as its processor time.
  setInterval(() => {
    const cpu = process.threadCpuUsage();
    longestTask = Math.max(longestTask, (cpu.user + cpu.system - lastCpu.user - lastCpu.system) / 1000);
    lastCpu = cpu;
  }, 5);
  process.on('SIGUSR2', () => {
    delay.reset();
    longestTask = 0;
    peakRss = 0;
  });
  setInterval(() => {
    const { rss, heapUsed, external } = process.memoryUsage();
    peakRss = Math.max(peakRss, rss);
    const figures = {
      delayMs: delay.max / 1e6,
      p99Ms: delay.percentile(99) / 1e6,
      longestTaskMs: longestTask,
      rss,
      peakRss,
      heapUsed,
      external,
    };
    writeFileSync(`${file}.part`, JSON.stringify(figures));
    renameSync(`${file}.part`, file);
  }, 250);
}
