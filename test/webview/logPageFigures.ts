import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { buildPercentile, buildSingle, type Figure } from '../bench/figure.ts';
import { GeneratedLog } from '../builders/generatedLog.ts';
import { waitForLast } from './logPageView.ts';
import { type OpenedLogPage, openLogPage } from './openLogPage.ts';
import { recordTasksOf } from './pageTasks.ts';

const aims = { memoryMb: 250, taskMs: 150 } as const;

/** Entries that come at a time: as many as a page takes without passing over any. */
const step = 5_000;

/**
 * The built page of a log in Chromium, following a generated log of `lines` lines to its end: what memory it takes, and
 * how long it was busy at a time.
 */
export async function measureLogPage(options: { readonly lines: number }): Promise<readonly Figure[]> {
  const log = new GeneratedLog({ total: 0 });
  const opened = await openLogPage({ log });
  const { page } = opened;
  try {
    const empty = await readMemory(opened);
    const recorded = await recordTasksOf(page, async () => {
      for (let total = step; total <= options.lines; total += step) {
        log.change({ total });
        await waitForLast(page, total - 1);
      }
    });
    const tasks = recorded.map(({ cpu }) => cpu).filter(cpu => cpu >= 1);
    const full = await readMemory(opened);
    const millions = `${options.lines / 1_000_000} million lines`;
    return [
      buildSingle({
        what: `log page: memory of its process, ${millions}`,
        unit: 'MB',
        value: full.process,
        aim: aims.memoryMb,
      }),
      buildSingle({ what: 'log page: memory of its process, no lines', unit: 'MB', value: empty.process }),
      buildSingle({ what: `log page: JavaScript heap, ${millions}`, unit: 'MB', value: full.heap }),
      buildPercentile(99, {
        what: `log page: tasks of 1 ms and more while ${millions} come`,
        unit: 'ms',
        samples: tasks,
      }),
      buildSingle({
        what: `log page: longest task while ${millions} come`,
        unit: 'ms',
        value: Math.max(...tasks),
        aim: aims.taskMs,
      }),
    ];
  } finally {
    await opened.close();
  }
}

/** What the page's process keeps in memory, and its JavaScript heap after what is garbage was collected; in MB. */
async function readMemory({
  page,
}: OpenedLogPage): Promise<{ readonly process: number; readonly heap: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return { process: await readSettledMemory(page), heap: usedSize / 1e6 };
}

/** What was freed goes back to the system over some seconds, by threads that a busy machine lets wait. */
async function readSettledMemory(page: OpenedLogPage['page']): Promise<number> {
  let least = await readProcessMemory(page);
  for (let steady = 0, read = 0; steady < 3 && read < 40; read += 1) {
    await wait(250);
    const now = await readProcessMemory(page);
    steady = now < least * 0.99 ? 0 : steady + 1;
    least = Math.min(least, now);
  }
  return least;
}

async function readProcessMemory(page: OpenedLogPage['page']): Promise<number> {
  const browser = page.context().browser();
  if (!browser) {
    throw new Error('The page has no browser.');
  }
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = await Promise.all(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => readResident(id)),
  );
  // The page's is the largest: the others stand by for the next page.
  return Math.max(...sizes);
}

async function readResident(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024) / 1e6;
}
