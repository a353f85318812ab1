import { buildUnknown, buildUnproven } from './acceptanceIds.ts';
import { skippedExitCode } from './layers.ts';
import type { TestRecord } from './testRecord.ts';

/** How a layer ended. */
export type LayerOutcome = {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
};

/** How a layer ended by its exit code; one that could not run here is skipped, which is not passed. */
export function readLayerState(exitCode: number | null): LayerOutcome['state'] {
  if (exitCode === skippedExitCode) {
    return 'skipped';
  }
  return exitCode === 0 ? 'passed' : 'failed';
}

/** What `npm test` says in the end, and whether all went well. */
export function buildReport(options: {
  readonly outcomes: readonly LayerOutcome[];
  readonly records: readonly TestRecord[];
  readonly clauses: ReadonlyMap<string, string>;
}): { readonly lines: readonly string[]; readonly ok: boolean } {
  const { outcomes, records, clauses } = options;
  const unproven = buildUnproven(clauses, records);
  const unknown = buildUnknown(clauses, records);
  const titlesOf = (state: TestRecord['state']) =>
    records.filter(record => record.state === state).map(({ title }) => title);
  const layersOf = (state: LayerOutcome['state']) =>
    outcomes.filter(outcome => outcome.state === state).length;
  // A layer that runs no mocha test (types, lint, build, smoke) counts as one.
  const failed = Math.max(titlesOf('failed').length, layersOf('failed'));
  const passed = titlesOf('passed').length + layersOf('passed');
  const marks = { passed: 'passed ', failed: 'FAILED ', skipped: 'skipped' };
  return {
    lines: [
      ...outcomes.map(({ name, state, seconds }) => `${marks[state]} ${name}  ${seconds} s`),
      ...records.filter(({ state }) => state === 'failed').flatMap(tellFailure),
      ...titlesOf('skipped').map(title => `skipped ${title}`),
      ...(unknown.length > 0
        ? [`Ids in test titles that test/acceptance.md does not know: ${unknown.join(' ')}`]
        : []),
      `Acceptance ids without a passing test (${unproven.length} of ${clauses.size}): ${unproven.join(' ') || 'none'}`,
      `${passed} passed, ${failed} failed`,
    ],
    ok: failed === 0 && passed > 0,
  };
}

/** Many layers lie between a failure and the end of a run: what is read first says why. */
function tellFailure({ title, reason }: TestRecord): readonly string[] {
  return [`FAILED  ${title}`, ...(reason?.split('\n').map(line => `        ${line}`) ?? [])];
}
