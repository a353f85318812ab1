import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { waitFor } from '../../sandbox/waitFor.ts';
import { LogBed, parseEntries } from '../cluster/logBed.ts';
import { encodeLines, writeTime } from '../cluster/podLogWriter.ts';
import { buildMedian, buildPercentile, buildSingle, type Figure, readPercentile } from './figure.ts';

/** How much is measured. */
export type LogMeasure = {
  /** Lines in one burst, and how often each follower gets one. */
  readonly burst: { readonly lines: number; readonly rounds: number };
  /** Lines a second over four pods, and for how long. */
  readonly flood: { readonly perSecond: number; readonly seconds: number };
  readonly opens: number;
  /** Lines that the daemon is to hold. */
  readonly held: number;
};

/** Logs, from the file that a container writes to a client of the daemon. */
export async function measureLogs(measure: LogMeasure): Promise<readonly Figure[]> {
  const bed = await LogBed.create('bench-logs', 4, { direct: true });
  try {
    return [
      ...(await measureOpening(bed, measure.opens)),
      ...(await measureRates(bed, measure.burst)),
      ...(await measureLag(bed, measure.flood)),
      ...(await measureMemory(bed, measure.held)),
    ];
  } finally {
    await bed.dispose();
  }
}

/** From the request to the first lines at the client. */
async function measureOpening(bed: LogBed, opens: number): Promise<readonly Figure[]> {
  for (const pod of await bed.pods(4)) {
    await bed.writer(pod).append(buildLines(2_500));
  }
  const samples: number[] = [];
  for (let open = 0; open < opens; open += 1) {
    const begun = performance.now();
    const { logId } = await bed.open();
    const count = async () => (await bed.client.request('log.read', { logId, from: 0, limit: 200 })).count;
    await whenChanged(bed, logId, async () => (await count()) > 0);
    samples.push(performance.now() - begun);
    await bed.client.request('log.close', { logId });
  }
  return [
    buildPercentile(95, {
      what: 'log: first lines of four pods at a client, after the request',
      unit: 'ms',
      samples,
      aim: 500,
    }),
  ];
}

/** A burst that a container writes while it is followed, alternating among the followers. */
async function measureRates(bed: LogBed, { lines, rounds }: LogMeasure['burst']): Promise<readonly Figure[]> {
  const [pod = ''] = await bed.pods(4);
  const followers = {
    bare: () => followBare(bed, pod, lines),
    daemon: () => followByDaemon(bed, pod, lines),
    kubectl: () => followByKubectl(bed, pod, lines),
  };
  const seconds: Record<keyof typeof followers, number[]> = { bare: [], daemon: [], kubectl: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['bare', 'daemon', 'kubectl'] as const) {
      // Each reads a file of its own from its beginning.
      await bed.writer(pod).rotate();
      const follower = await followers[name]();
      // Of the time at which they are written: who asks again in between asks for lines from that time on.
      const burst = encodeLines(buildLines(lines));
      const begun = now();
      await bed.writer(pod).appendEncoded(burst);
      seconds[name].push(((await follower.end) - begun) / 1000);
      await follower.dispose();
    }
  }
  const rate = (name: keyof typeof followers, what: string) =>
    buildMedian({ what, unit: 'lines/s', samples: seconds[name].map(taken => lines / taken) });
  const median = (name: keyof typeof followers) => readPercentile(seconds[name], 50);
  return [
    rate('bare', 'log: a burst to a bare follower'),
    rate('daemon', 'log: a burst to the daemon'),
    rate('kubectl', 'log: a burst to kubectl logs -f'),
    buildSingle({
      what: 'log: lines per second, the daemon : a bare follower',
      unit: 'x',
      value: median('bare') / median('daemon'),
      least: 0.95,
    }),
    buildSingle({
      what: 'log: lines per second, the daemon : kubectl logs -f',
      unit: 'x',
      value: median('kubectl') / median('daemon'),
    }),
  ];
}

/** From the moment at which a line was written to the moment at which a client of the daemon has it. */
async function measureLag(
  bed: LogBed,
  { perSecond, seconds }: LogMeasure['flood'],
): Promise<readonly Figure[]> {
  const pods = await bed.pods(4);
  const { logId, total } = await openAtEnd(bed);
  const samples: number[] = [];
  let next = total;
  let reading = false;
  const readOn = async () => {
    if (reading) {
      return;
    }
    reading = true;
    for (let count = 1; count > 0; ) {
      const batch = await bed.client.request('log.read', { logId, from: next, limit: 5_000 });
      const at = now();
      count = batch.count;
      next = batch.from + batch.count;
      for (const { text } of count > 0 ? parseEntries(batch.text) : []) {
        const written = /^#lag (\S+)/.exec(text)?.[1];
        if (written !== undefined) {
          samples.push(at - Number(written));
        }
      }
    }
    reading = false;
  };
  const stop = bed.client.onNotification('log.changed', () => void readOn());
  const wanted = perSecond * seconds;
  const begun = performance.now();
  for (let written = 0; written < wanted; ) {
    await wait(10);
    const due = Math.min(wanted, Math.round(((performance.now() - begun) * perSecond) / 1000));
    for (const [index, pod] of pods.entries()) {
      const count =
        Math.floor(((due - written) * (index + 1)) / 4) - Math.floor(((due - written) * index) / 4);
      const at = now();
      await bed.writer(pod).append(buildLines(count, () => `#lag ${at.toFixed(1)}`));
    }
    written = due;
  }
  await waitFor('every line', async () => samples.length >= wanted, { limitMs: 60_000 });
  stop();
  await bed.client.request('log.close', { logId });
  const what = `log: behind, in a flood of ${perSecond} lines/s`;
  return [
    buildPercentile(50, { what, unit: 'ms', samples }),
    buildPercentile(99, { what, unit: 'ms', samples, aim: 250 }),
  ].map(figure => ({ ...figure, samples: [] }));
}

/** What the daemon needs when it holds many lines. */
async function measureMemory(bed: LogBed, held: number): Promise<readonly Figure[]> {
  const pods = await bed.pods(4);
  for (const pod of pods) {
    await bed.writer(pod).rotate();
    await bed.writer(pod).append(buildLines(held / 4));
  }
  const { logId } = await bed.open();
  await waitFor('all lines', async () => (await bed.view(logId)).total >= held, { limitMs: 120_000 });
  await bed.hasText(logId, 'what is nowhere to be found');
  await wait(1_000);
  const status = await readFile(`/proc/${bed.bed.daemonPid}/status`, 'utf8');
  const kibibytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  await bed.client.request('log.close', { logId });
  return [
    buildSingle({
      what: `daemon: memory with ${held} lines of four pods, after a search through them`,
      unit: 'MB',
      value: (kibibytes * 1024) / 1e6,
      aim: 200,
    }),
  ];
}

/** Somebody who follows a log: when it had every line, in milliseconds since 1970. */
type Follower = { readonly end: Promise<number>; readonly dispose: () => Promise<void> };

async function followBare(bed: LogBed, pod: string, lines: number): Promise<Follower> {
  const program = join(import.meta.dirname, 'bareLogFollower.ts');
  const child = spawn(
    process.execPath,
    [
      program,
      ...['--kubeconfig', bed.kubeconfig, '--context', 'kosmos-development', '--lines', String(lines)],
      ...['--path', `/api/v1/namespaces/${bed.namespace}/pods/${pod}/log`],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await said.next();
  return {
    end: said.next().then(({ value }) => Number(value)),
    dispose: () => end(child),
  };
}

async function followByDaemon(bed: LogBed, pod: string, lines: number): Promise<Follower> {
  const { logId, total } = await openAtEnd(bed, `pod/${pod}`);
  return {
    end: whenTotal(bed, logId, total + lines),
    dispose: async () => {
      await bed.client.request('log.close', { logId });
    },
  };
}

async function followByKubectl(bed: LogBed, pod: string, lines: number): Promise<Follower> {
  const { tools } = bed.bed.cluster.sandbox;
  const args = ['logs', '-f', '--tail=0', '--timestamps', pod, '-n', bed.namespace];
  const child = spawn(tools.kubectl, [...args, '--context', 'kosmos-development'], {
    env: { ...process.env, KUBECONFIG: bed.kubeconfig },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // It says nothing before the first line.
  await wait(1_500);
  const { promise, resolve } = Promise.withResolvers<number>();
  let rest = lines;
  child.stdout.on('data', (chunk: Buffer) => {
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) {
      rest -= 1;
    }
    if (rest <= 0) {
      resolve(now());
    }
  });
  return { end: promise, dispose: () => end(child) };
}

async function openAtEnd(
  bed: LogBed,
  workload = bed.workload,
): Promise<{ readonly logId: string; readonly total: number }> {
  const { logId } = await bed.open({ tailLines: 0, workload });
  await waitFor('the log to be live', async () => (await bed.view(logId)).state === 'live', {
    limitMs: 20_000,
  });
  return { logId, total: (await bed.view(logId)).total };
}

async function whenTotal(bed: LogBed, logId: string, total: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let last = 0;
  const stop = bed.client.onNotification('log.changed', ({ log }) => {
    if (log.logId === logId) {
      last = log.total;
      if (last >= total) {
        resolve(now());
      }
    }
  });
  const limit = setTimeout(() => reject(new Error(`The log has ${last} lines, not ${total}.`)), 60_000);
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
    stop();
  }
}

async function whenChanged(bed: LogBed, logId: string, isDone: () => Promise<boolean>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = () => void isDone().then(done => done && resolve(), reject);
  const stop = bed.client.onNotification('log.changed', ({ log }) => log.logId === logId && look());
  look();
  await promise;
  stop();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  }
}

/** Lines of about 130 bytes with their times. */
function buildLines(count: number, build: (number: number) => string = number => `#line ${number}`) {
  const at = Date.now();
  return Array.from({ length: count }, (_, number) => ({
    time: writeTime(at, number % 1_000_000),
    text: `${build(number)} ${'GET /api/agents/42/tasks 200 40 ms request=001eef '.repeat(2)}`.slice(0, 98),
  }));
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
