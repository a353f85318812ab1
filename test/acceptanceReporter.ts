import Mocha from 'mocha';
import { buildReason, writeRecord } from './testRecord.ts';

// mocha loads a reporter by its default export.
/** Prints like mocha's own `spec`, and records how each test ended for the end of the run. */
export class AcceptanceReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Mocha.Runner.constants;
    runner.on(EVENT_TEST_PASS, test => writeRecord({ title: test.fullTitle(), state: 'passed' }));
    runner.on(EVENT_TEST_PENDING, test => writeRecord({ title: test.fullTitle(), state: 'skipped' }));
    runner.on(EVENT_TEST_FAIL, (test, error: unknown) =>
      writeRecord({
        title: test.fullTitle(),
        state: 'failed',
        reason: buildReason(error instanceof Error ? error.message : String(error), test.duration),
      }),
    );
  }
}

export default AcceptanceReporter;
