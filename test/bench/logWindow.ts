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

/** How often a log is opened, and how many lines come in a second, and for how long. */
export type LogWindowMeasure = { readonly opens: number; readonly rate: number; readonly seconds: number };

/**
 * In a real window of VS Code on the bed's daemon and cluster: how long after the command the first lines of a log are
 * on the screen, and how long a line takes from the container's file to the screen; the same for `kubectl logs -f` in
 * the window's terminal, in turn with it.
 */
export async function measureLogWindow(
  bed: PromotionBed,
  measure: LogWindowMeasure,
): Promise<readonly Figure[]> {
  await bed.promote('development', 'v2.1.0');
  return inWindow(bed, workbench => measureInWindow(workbench, bed, measure));
}

async function measureInWindow(
  workbench: Workbench,
  bed: PromotionBed,
  measure: LogWindowMeasure,
): Promise<readonly Figure[]> {
  const { page } = workbench;
  await page.context().addInitScript(watchRows);
  await workbench.changeSettings({
    // Its rows are then elements, which can be read.
    'terminal.integrated.gpuAcceleration': 'off',
  });
  await workbench.reload();
  await openReleases(page);
  await waitForRow(page, 'development', /v2\.1\.0/);
  const opened: number[] = [];
  for (let open = 0; open <= measure.opens; open += 1) {
    const asked = await openLog(workbench);
    const shown = await readWhen(await openedLog(page), 'slipwayFirstLine');
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
    ...(await measureRows(workbench, bed, measure)),
  ];
}

/** Both show the same container's log, one after the other, since two at once would share the browser's one thread. */
async function measureRows(
  workbench: Workbench,
  bed: PromotionBed,
  measure: LogWindowMeasure,
): Promise<readonly Figure[]> {
  const { page } = workbench;
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
  const samples: Record<'slipway' | 'terminal', number[]> = { slipway: [], terminal: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    await openLog(workbench);
    const log = await openedLog(page);
    await readWhen(log, 'slipwayFirstLine');
    samples.slipway.push(...(await measureLines(log, writer, measure)));
    await workbench.runCommand('View: Close All Editors');
    await openTerminal(workbench, `kubectl logs --follow --tail 1 -n ${namespace} ${pod} -c agent`);
    samples.terminal.push(...(await measureLines(page.mainFrame(), writer, measure)));
    await workbench.runCommand('Terminal: Kill All Terminals');
    await page.locator('.xterm-rows').waitFor({ state: 'detached' });
  }
  const rate = measure.rate.toLocaleString('en');
  const inLog = {
    what: `log: line to screen at ${rate} lines/s`,
    unit: 'ms',
    samples: samples.slipway,
  } as const;
  const inTerminal = {
    what: '  the same by kubectl logs -f in the terminal',
    unit: 'ms',
    samples: samples.terminal,
  } as const;
  return [
    buildPercentile(50, inLog),
    buildPercentile(99, { ...inLog, aim: aims.lineMs }),
    buildPercentile(50, inTerminal),
    buildPercentile(99, inTerminal),
  ];
}

/** How often the log and the terminal take turns. */
const turns = 3;

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
  await page.locator('.xterm-rows').waitFor();
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
