import type { Page } from 'playwright-core';

/** A task of the page's main thread, in milliseconds: by the clock, and what the processor did for it. */
export type PageTask = { readonly wall: number; readonly cpu: number };

type TraceEvent = {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
};

/** Does something on a page and says which tasks that made; no two pages of the browser at a time. */
export async function recordTasksOf(page: Page, work: () => Promise<void>): Promise<readonly PageTask[]> {
  const stop = await recordTasks(page);
  let tasks: readonly PageTask[] = [];
  try {
    await work();
  } finally {
    // A recording that goes on would keep the next one from beginning.
    tasks = await stop();
  }
  return tasks;
}

async function recordTasks(page: Page): Promise<() => Promise<readonly PageTask[]>> {
  const browser = page.context().browser();
  if (!browser) {
    throw new Error('The page has no browser.');
  }
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  return async () => {
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as {
      readonly traceEvents: readonly TraceEvent[];
    };
    const main = findMainThread(traceEvents);
    return traceEvents
      .filter(event => event.name.endsWith('RunTask') && event.ph === 'X' && isOf(event, main))
      .map(({ dur = 0, tdur = 0 }) => ({ wall: dur / 1000, cpu: tdur / 1000 }));
  };
}

type Thread = Pick<TraceEvent, 'pid' | 'tid'>;

function isOf(event: Thread, thread: Thread): boolean {
  return event.pid === thread.pid && event.tid === thread.tid;
}

/** The renderer's main thread that did most: other renderers stand by. */
function findMainThread(events: readonly TraceEvent[]): Thread {
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const count = (thread: Thread) =>
    events.filter(event => event.name.endsWith('RunTask') && isOf(event, thread)).length;
  const [busiest] = mains.toSorted((a, b) => count(b) - count(a));
  if (!busiest) {
    throw new Error('The trace names no main thread of a page.');
  }
  return busiest;
}
