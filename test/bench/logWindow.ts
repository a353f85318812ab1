import type { Frame } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';
import { PodLogWriter, writeTime } from '../cluster/podLogWriter.ts';
import type { PromotionBed } from '../cluster/promotionBed.ts';
import { openedLog } from '../journeys/logTab.ts';
import { waitForQuickInput } from '../journeys/quickPick.ts';
import { openReleases, waitForRow } from '../journeys/releasesView.ts';
import type { Workbench } from '../journeys/workbench.ts';
import { buildMedian, buildPercentile, buildSingle, type Figure } from './figure.ts';
import { inWindow } from './inWindow.ts';

const aims = { firstLinesMs: 500, lineMs: 100 } as const;

/**
 * In a real window of VS Code on the bed's daemon and cluster: how long after the command the first lines of a log are
 * on the screen, `opens` times, and how long a line takes from the container's file to the screen while `rate` lines
 * come in a second, for `seconds`.
 */
export async function measureLogWindow(
  bed: PromotionBed,
  options: { readonly opens: number; readonly rate: number; readonly seconds: number },
): Promise<readonly Figure[]> {
  await bed.promote('development', 'v2.1.0');
  return inWindow(bed, workbench => measureInWindow(workbench, bed, options));
}

async function measureInWindow(
  workbench: Workbench,
  bed: PromotionBed,
  options: { readonly opens: number; readonly rate: number; readonly seconds: number },
): Promise<readonly Figure[]> {
  const { page } = workbench;
  await page.context().addInitScript(watchLog);
  await workbench.reload();
  await openReleases(page);
  await waitForRow(page, 'development', /v2\.1\.0/);
  const opened: number[] = [];
  let log: Frame | undefined;
  for (let open = 0; open <= options.opens; open += 1) {
    await workbench.runCommand('View: Close All Editors');
    const asked = await chooseEnvironment(workbench);
    log = await openedLog(page);
    const shown = await readWhen(log, 'slipwayFirstLine');
    opened.push(shown - asked);
  }
  if (!log) {
    throw new Error('No log was opened.');
  }
  const samples = await measureLines(log, bed, options);
  const rate = options.rate.toLocaleString('en');
  // VS Code readies its frame for pages with the first one of a window.
  const [first = Number.NaN, ...others] = opened;
  return [
    buildMedian({
      what: 'log: command to first lines on the screen',
      unit: 'ms',
      samples: others,
      aim: aims.firstLinesMs,
    }),
    buildSingle({ what: 'log: the same for the first page of a window', unit: 'ms', value: first }),
    buildPercentile(50, { what: `log: line to screen at ${rate} lines/s`, unit: 'ms', samples }),
    buildPercentile(99, {
      what: `log: line to screen at ${rate} lines/s`,
      unit: 'ms',
      samples,
      aim: aims.lineMs,
    }),
  ];
}

/** Runs the command; resolves to when Enter was pressed on the environment, in milliseconds since 1970. */
async function chooseEnvironment(workbench: Workbench): Promise<number> {
  const { page } = workbench;
  await workbench.runCommand('Slipway: Tail Logs...');
  await waitForQuickInput(page, 'Tail Logs');
  await page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
  await page.keyboard.press('Enter');
  return Number(await page.evaluate('slipwayEnter'));
}

async function readWhen(frame: Frame, name: string): Promise<number> {
  let found: number | undefined;
  await waitFor(
    name,
    async () => {
      found = (await frame.evaluate(`globalThis.${name}`)) as number | undefined;
      return found !== undefined;
    },
    { limitMs: 20_000 },
  );
  return found ?? Number.NaN;
}

/** Writes lines into the container's file at a steady rate; resolves to how long each took to be shown. */
async function measureLines(
  log: Frame,
  bed: PromotionBed,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<readonly number[]> {
  const namespace = bed.namespaces.development;
  const pod = await bed.cluster.kubectl([
    'get',
    'pods',
    '-n',
    namespace,
    '-o',
    'jsonpath={.items[0].metadata.name}',
  ]);
  const writer = new PodLogWriter(bed.cluster.sandbox, { namespace, pod, container: 'agent' });
  const written: number[] = [];
  const begun = Date.now();
  const count = rate * seconds;
  while (written.length < count) {
    const due = Math.min(count, Math.ceil(((Date.now() - begun) / 1000) * rate));
    const at = Date.now();
    const lines = Array.from({ length: due - written.length }, (_, index) => ({
      time: writeTime(at, index),
      text: `INFO  bench line=${written.length + index} of a steady stream, as long as lines of a service usually are`,
    }));
    if (lines.length > 0) {
      await writer.append(lines);
      written.push(...lines.map(() => at));
    }
    // The pace of the lines is part of what is measured.
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  await waitFor(
    'the last line',
    async () => ((await log.evaluate('slipwayLines.length')) as number) >= count,
    { limitMs: 60_000 },
  );
  const seen = (await log.evaluate('slipwayLines')) as readonly number[];
  return written.map((at, line) => (seen[line] ?? Number.POSITIVE_INFINITY) - at);
}

/**
 * Keeps in every frame when Enter was pressed, when the first line of a log was drawn, and when each numbered line, or a
 * later one, was; in milliseconds since 1970. It looks by an interval, since VS Code writes a page into a frame that was
 * loaded before, which ends everything else that was begun in it. Rows change in the frame that shows them, so what the
 * interval finds has been painted.
 */
const watchLog = `
  const now = () => performance.timeOrigin + performance.now();
  addEventListener('keydown', event => {
    if (event.key === 'Enter') {
      globalThis.slipwayEnter = now();
    }
  }, true);
  globalThis.slipwayLines = [];
  let seen = -1;
  setInterval(() => {
    const rows = document.querySelectorAll('.log .cm-line');
    if (rows.length === 0) {
      return;
    }
    if (!globalThis.slipwayFirstLine && /\\d\\d:\\d\\d:\\d\\d/.test(rows[rows.length - 1].textContent)) {
      globalThis.slipwayFirstLine = now();
    }
    for (let index = rows.length - 1; index >= 0; index -= 1) {
      const line = Number(/bench line=(\\d+) /.exec(rows[index].textContent)?.[1] ?? -1);
      if (line > seen) {
        const at = now();
        while (slipwayLines.length <= line) {
          slipwayLines.push(at);
        }
        seen = line;
      }
      if (line >= 0) {
        break;
      }
    }
  }, 4);
`;
