import type { Frame } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';
import { PodLogWriter } from '../cluster/podLogWriter.ts';
import type { PromotionBed } from '../cluster/promotionBed.ts';
import { openedLog } from '../journeys/logTab.ts';
import { waitForQuickInput } from '../journeys/quickPick.ts';
import { openReleases, waitForRow } from '../journeys/releasesView.ts';
import type { Workbench } from '../journeys/workbench.ts';
import { buildMedian, buildPercentile, buildSingle, type Figure } from './figure.ts';
import { inWindow } from './inWindow.ts';
import { measureLines, watchRows } from './lineTimes.ts';

const aims = { firstLinesMs: 500, lineMs: 100 } as const;

/** How often a log is opened; how many lines come in a second, for how long, and in how many turns. */
export type LogWindowMeasure = {
  readonly opens: number;
  readonly rate: number;
  readonly seconds: number;
  readonly turns: number;
};

/**
 * In real windows of VS Code on the bed's daemon and cluster: how long after the command the first lines of a log are on
 * the screen, and how long a line takes from the container's file to the screen; the same for `kubectl logs -f` in the
 * window's terminal. Each has a window of its own, since what is opened and closed in one leaves it work for later, and
 * two at once would share the browser's one thread.
 */
export async function measureLogWindow(
  bed: PromotionBed,
  measure: LogWindowMeasure,
): Promise<readonly Figure[]> {
  await bed.promote('development', 'v2.1.0');
  const opened = await inReadyWindow(bed, workbench => measureOpening(workbench, measure));
  const inLog = await inReadyWindow(bed, workbench => measureLog(workbench, bed, measure));
  const inTerminal = await inReadyWindow(bed, workbench => measureTerminal(workbench, bed, measure));
  const rate = measure.rate.toLocaleString('en');
  const log = { what: `log: line to screen at ${rate} lines/s`, unit: 'ms', samples: inLog } as const;
  const terminal = {
    what: '  the same by kubectl logs -f in the terminal',
    unit: 'ms',
    samples: inTerminal,
  } as const;
  return [
    ...opened,
    buildPercentile(50, log),
    buildPercentile(99, { ...log, aim: aims.lineMs }),
    buildPercentile(50, terminal),
    buildPercentile(99, terminal),
  ];
}

/** In a window that has begun and shows what runs. */
function inReadyWindow<T>(bed: PromotionBed, run: (workbench: Workbench) => Promise<T>): Promise<T> {
  return inWindow(bed, async workbench => {
    const { page } = workbench;
    await page.context().addInitScript(watchRows);
    await workbench.changeSettings({
      // Its rows are then elements, which can be read.
      'terminal.integrated.gpuAcceleration': 'off',
    });
    await workbench.reload();
    await openReleases(page);
    await waitForRow(page, 'development', /v2\.1\.0/);
    return run(workbench);
  });
}

async function measureOpening(workbench: Workbench, { opens }: LogWindowMeasure): Promise<readonly Figure[]> {
  const opened: number[] = [];
  for (let open = 0; open <= opens; open += 1) {
    const asked = await openLog(workbench);
    const shown = await readWhen(await openedLog(workbench.page), 'slipwayFirstLine');
    opened.push(shown - asked);
  }
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
  ];
}

/** The log is opened anew for each turn. */
async function measureLog(
  workbench: Workbench,
  bed: PromotionBed,
  measure: LogWindowMeasure,
): Promise<readonly number[]> {
  const { writer } = await findLog(bed);
  const samples: number[] = [];
  for (let turn = 0; turn < measure.turns; turn += 1) {
    await openLog(workbench);
    const log = await openedLog(workbench.page);
    await readWhen(log, 'slipwayFirstLine');
    samples.push(...(await measureLines(log, writer, measure)));
  }
  return samples;
}

/** The terminal is opened anew for each turn. */
async function measureTerminal(
  workbench: Workbench,
  bed: PromotionBed,
  measure: LogWindowMeasure,
): Promise<readonly number[]> {
  const { page } = workbench;
  const { writer, namespace, pod } = await findLog(bed);
  const samples: number[] = [];
  await workbench.runCommand('View: Close All Editors');
  for (let turn = 0; turn < measure.turns; turn += 1) {
    await openTerminal(workbench, `kubectl logs --follow --tail 1 -n ${namespace} ${pod} -c agent`);
    samples.push(...(await measureLines(page.mainFrame(), writer, measure)));
    await workbench.runCommand('Terminal: Kill All Terminals');
    await page.locator('.xterm-rows').waitFor({ state: 'detached' });
  }
  return samples;
}

/** A container whose log is written to. */
async function findLog(
  bed: PromotionBed,
): Promise<{ readonly writer: PodLogWriter; readonly namespace: string; readonly pod: string }> {
  const namespace = bed.namespaces.development;
  const pod = await bed.cluster.kubectl([
    'get',
    'pods',
    '-n',
    namespace,
    '-o',
    'jsonpath={.items[0].metadata.name}',
  ]);
  return {
    writer: new PodLogWriter(bed.cluster.sandbox, { namespace, pod, container: 'agent' }),
    namespace,
    pod,
  };
}

/** Opens the log of the environment in a new tab; resolves to when Enter was pressed, in milliseconds since 1970. */
async function openLog(workbench: Workbench): Promise<number> {
  const { page } = workbench;
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('Slipway: Tail Logs...');
  await waitForQuickInput(page, 'Tail Logs');
  await page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
  await page.keyboard.press('Enter');
  return Number(await page.evaluate('slipwayEnter'));
}

/** Runs a command that follows a log in a terminal as large as a tab, and waits for its first row. */
async function openTerminal(workbench: Workbench, command: string): Promise<void> {
  const { page } = workbench;
  await workbench.runCommand('Terminal: Create New Terminal in Editor Area');
  // What is typed before the shell reads is lost.
  await page.locator('.xterm-rows', { hasText: /[$#%]/ }).waitFor();
  await page.locator('.xterm-helper-textarea').focus();
  await page.keyboard.type(`${command}\n`);
  await page.locator('.xterm-rows', { hasText: /INFO|line=/ }).waitFor();
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
