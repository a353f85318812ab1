import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

// mocha loads a reporter by its default export.
/** Prints like mocha's own `spec`, and appends one JSON line per test to $SLIPWAY_TEST_RESULTS. */
export class AcceptanceReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env['SLIPWAY_TEST_RESULTS'];
    if (!file) {
      return;
    }
    const record = (state: string) => (test: { fullTitle(): string }) =>
      appendFileSync(file, `${JSON.stringify({ title: test.fullTitle(), state })}\n`);
    runner.on(Mocha.Runner.constants.EVENT_TEST_PASS, record('passed'));
    runner.on(Mocha.Runner.constants.EVENT_TEST_FAIL, record('failed'));
    runner.on(Mocha.Runner.constants.EVENT_TEST_PENDING, record('skipped'));
  }
}

export default AcceptanceReporter;
