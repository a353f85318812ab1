import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildUnknown, buildUnproven, parseClauses, type TestRecord } from './acceptanceIds.ts';
import { type Layer, layers } from './layers.ts';

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

const outcomes: { layer: Layer; ok: boolean; seconds: number }[] = [];
for (const layer of layers.filter(candidate => only.length === 0 || only.includes(candidate.name))) {
  console.log(`\n=== ${layer.name} ===`);
  const begun = Date.now();
  const ok = await runLayer(layer);
  outcomes.push({ layer, ok, seconds: Math.round((Date.now() - begun) / 1000) });
  if (interrupted) {
    console.log('Interrupted: the layers after it were not run.');
    break;
  }
  if (!ok && layer.required) {
    console.log(`The layer "${layer.name}" failed: the layers after it need it and were not run.`);
    break;
  }
}
report();

/** Runs a layer in its own process group and ends it at its limit; resolves to whether it passed. */
function runLayer(layer: Layer): Promise<boolean> {
  const [command = '', ...args] = layer.command;
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, SLIPWAY_TEST_RESULTS: results },
    detached: true,
  });
  const stop = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null) {
      process.kill(-child.pid, signal);
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
  return new Promise(resolve => {
    child.on('error', error => {
      console.log(`The layer "${layer.name}" did not start: ${error.message}`);
      resolve(false);
    });
    child.on('exit', code => resolve(code === 0));
  }).then(ok => {
    clearTimeout(limit);
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    return ok === true;
  });
}

function report(): void {
  const records = readFileSync(results, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as TestRecord);
  rmSync(folder, { recursive: true, force: true });
  const clauses = parseClauses(readFileSync('test/acceptance.md', 'utf8'));
  const unproven = buildUnproven(clauses, records);
  const unknown = buildUnknown(clauses, records);
  console.log('\n=== result ===');
  for (const { layer, ok, seconds } of outcomes) {
    console.log(`${ok ? 'passed' : 'FAILED'}  ${layer.name}  ${seconds} s`);
  }
  for (const record of records.filter(candidate => candidate.state === 'failed')) {
    console.log(`FAILED  ${record.title}`);
  }
  for (const record of records.filter(candidate => candidate.state === 'skipped')) {
    console.log(`skipped ${record.title}`);
  }
  if (unknown.length > 0) {
    console.log(`Ids in test titles that test/acceptance.md does not know: ${unknown.join(' ')}`);
  }
  console.log(
    `Acceptance ids without a passing test (${unproven.length} of ${clauses.size}): ${unproven.join(' ') || 'none'}`,
  );
  // A layer that runs no mocha test (types, lint, build, smoke) counts as one.
  const testsFailed = records.filter(record => record.state === 'failed').length;
  const layersFailed = outcomes.filter(outcome => !outcome.ok).length;
  const failed = Math.max(testsFailed, layersFailed);
  const passed =
    records.filter(record => record.state === 'passed').length +
    outcomes.filter(outcome => outcome.ok).length;
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
