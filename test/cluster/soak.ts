import { parseArgs } from 'node:util';
import { stopSignal } from '../../sandbox/stopSignal.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { runSoak, type SoakResult } from './runSoak.ts';
import { stopSharedCluster } from './sharedCluster.ts';

/** `npm run soak -- --kills N --seed S`: kills the daemon N times in mid-promotion; exits 1 when anything was wrong. */
const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } });
const kills = Number(values.kills ?? '50');
const seed = Number(values.seed ?? String(Date.now() % 1_000_000));
const { signal } = stopSignal();
const begun = Date.now();

let bed: PromotionBed | undefined;
try {
  await ensureBuilt();
  bed = await PromotionBed.create('soak');
  const result = await runSoak({ bed, kills, seed, onLine: line => console.log(line), signal });
  console.log(describe(result));
  process.exitCode = result.violations.length === 0 && result.kills >= kills ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await bed?.dispose();
  await stopSharedCluster();
}

function describe(result: SoakResult): string {
  const phases = [...result.phases]
    .sort(([, left], [, right]) => right - left)
    .map(([phase, count]) => `  ${String(count).padStart(4)}  ${phase}`);
  return [
    '',
    'The kills hit:',
    ...phases,
    ...result.violations.map(violation => `VIOLATION  ${violation}`),
    `${result.kills} kills (seed ${seed}), ${result.promotions} promotions, ${result.neverStarted} starts that were not acknowledged and ` +
      `did not happen, ${result.facts} journal events, longest recovery ${result.longestRecoveryMs} ms, ` +
      `${Math.round((Date.now() - begun) / 1000)} s: ${result.violations.length} violations`,
  ].join('\n');
}
