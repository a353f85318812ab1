import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseClauses } from './acceptanceIds.ts';
import { buildReport, type LayerOutcome, readLayerState } from './buildReport.ts';
import { type Layer, layers } from './layers.ts';
import type { TestRecord } from './testRecord.ts';

const only = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'slipway-results-'));
const results = join(folder, 'results.jsonl');
writeFileSync(results, '');

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true;
  });
}

const outcomes: LayerOutcome[] = [];
for (const layer of layers.filter(candidate => only.length === 0 || only.includes(candidate.name))) {
  console.log(`\n=== ${layer.name} ===`);
  const begun = Date.now();
  const state = await runLayer(layer);
  outcomes.push({ name: layer.name, state, seconds: Math.round((Date.now() - begun) / 1000) });
  if (interrupted) {
    console.log('Interrupted: the layers after it were not run.');
    break;
  }
  if (state === 'failed' && layer.required) {
    console.log(`The layer "${layer.name}" failed: the layers after it need it and were not run.`);
    break;
  }
}
report();

/** Runs a layer's commands; what the one beside prints comes when both have ended. Resolves to how they ended. */
async function runLayer(layer: Layer): Promise<LayerOutcome['state']> {
  if (!layer.beside) {
    return await run(layer, layer.command, 'inherit');
  }
  const file = join(folder, `${layer.name}.log`);
  const output = openSync(file, 'w');
  const states = await Promise.all([run(layer, layer.command, 'inherit'), run(layer, layer.beside, output)]);
  closeSync(output);
  console.log(`--- at the same time ---\n${readFileSync(file, 'utf8')}`);
  return states.find(state => state !== 'passed') ?? 'passed';
}

/** Runs a command in its own process group and ends it at the layer's limit; resolves to how it ended. */
function run(
  layer: Layer,
  [command = '', ...args]: readonly string[],
  output: 'inherit' | number,
): Promise<LayerOutcome['state']> {
  const child = spawn(command, args, {
    stdio: ['ignore', output, output],
    env: { ...process.env, SLIPWAY_TEST_RESULTS: results },
    detached: true,
  });
  const stop = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined && child.exitCode === null) {
        process.kill(-child.pid, signal);
      }
    } catch {
      // It has just ended by itself.
    }
  };
  const limit = setTimeout(() => {
    console.log(`The layer "${layer.name}" took longer than ${layer.minutes} minutes and was ended.`);
    stop('SIGTERM');
    setTimeout(() => stop('SIGKILL'), 15_000).unref();
  }, layer.minutes * 60_000);
  const interrupt = () => stop('SIGINT');
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return new Promise<LayerOutcome['state']>(resolve => {
    child.on('error', error => {
      console.log(`The layer "${layer.name}" did not start: ${error.message}`);
      resolve('failed');
    });
    child.on('exit', code => resolve(readLayerState(code)));
  }).then(state => {
    clearTimeout(limit);
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    return state;
  });
}

function report(): void {
  const records = readFileSync(results, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as TestRecord);
  rmSync(folder, { recursive: true, force: true });
  const clauses = parseClauses(readFileSync('test/acceptance.md', 'utf8'));
  const { lines, ok } = buildReport({ outcomes, records, clauses });
  console.log(`\n=== result ===\n${lines.join('\n')}`);
  process.exitCode = ok ? 0 : 1;
}
