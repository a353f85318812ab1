import { waitFor } from '../../sandbox/waitFor.ts';
import type { PromotionBed } from '../cluster/promotionBed.ts';
import { openReleases, waitForRow } from '../journeys/releasesView.ts';
import type { Workbench } from '../journeys/workbench.ts';
import { buildMedian, type Figure } from './figure.ts';
import { inWindow } from './inWindow.ts';
import { buildLatencies, type Changes, ChangingDeployment, makeChanges } from './treeLatency.ts';

const activationAimMs = 100;

/**
 * In a real window of VS Code on the bed's repository and daemon: how long the extension took to load and to activate
 * in `loads` fresh extension hosts, and from the API server's answer to the changed row of the tree.
 */
export async function measureWindow(
  bed: PromotionBed,
  options: { readonly loads: number; readonly alone: Changes; readonly storm: Changes },
): Promise<readonly Figure[]> {
  const target = await ChangingDeployment.create(bed, bed.namespaces.development);
  try {
    return await inWindow(bed, async workbench => {
      const latencies = await measureTree(workbench, target, options);
      return [...(await measureActivation(workbench, options.loads)), ...latencies];
    });
  } finally {
    await target.dispose();
  }
}

async function measureTree(
  { page }: Workbench,
  target: ChangingDeployment,
  options: { readonly alone: Changes; readonly storm: Changes },
): Promise<readonly Figure[]> {
  await openReleases(page);
  await target.change(1);
  await waitForRow(page, 'development', /v9\.1\.0/);
  await page.evaluate(watchRows);
  const read = async () => new Map((await page.evaluate('[...slipwayRows]')) as [number, number][]);
  const alone = await makeChanges(target, options.alone, { first: 2, read });
  const storm = await makeChanges(target, options.storm, { first: 2 + options.alone.count, read });
  return buildLatencies('row of the tree', alone, storm, { alone: 60, storm: 300 });
}

/** Keeps in the page when a row with each change was first there, in milliseconds since 1970. */
const watchRows = `
  globalThis.slipwayRows = new Map();
  const look = () => {
    for (const row of document.querySelectorAll('.pane .monaco-list-row')) {
      const isEnvironment = row.querySelector('.label-name')?.textContent === 'development';
      const index = Number(/v9\\.(\\d+)\\.0/.exec(row.textContent)?.[1] ?? Number.NaN);
      if (isEnvironment && Number.isInteger(index) && !slipwayRows.has(index)) {
        slipwayRows.set(index, performance.timeOrigin + performance.now());
      }
    }
  };
  const everything = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(document.body, everything);
  look();
`;

/** VS Code's own times of loading the code and of the call of activate(), as `Show Running Extensions` has them. */
async function measureActivation(workbench: Workbench, loads: number): Promise<readonly Figure[]> {
  const { page } = workbench;
  const samples: number[] = [];
  for (let load = 0; load < loads; load += 1) {
    await workbench.reload();
    await openReleases(page);
    await waitForRow(page, 'development');
    await workbench.runCommand('Developer: Show Running Extensions');
    const row = page
      .locator('.runtime-extensions-editor .monaco-list-row')
      .filter({ has: page.locator('.name', { hasText: /^Slipway$/i }) });
    let took: number | undefined;
    await waitFor(
      'the time of activation',
      async () => {
        const text = await row.locator('.activation-time').first().textContent();
        const milliseconds = /(\d+)\s*ms/.exec(text ?? '')?.[1];
        took = milliseconds === undefined ? undefined : Number(milliseconds);
        return took !== undefined;
      },
      { limitMs: 20_000 },
    );
    samples.push(took ?? Number.NaN);
  }
  return [
    buildMedian({
      what: 'extension: load and activate in a fresh extension host',
      unit: 'ms',
      samples,
      aim: activationAimMs,
    }),
  ];
}
