import Mocha from 'mocha';
import { send } from './bridgeClient.ts';

/** Runs every test of this folder; the extension host calls it and ends when it has. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, forbidOnly: true, reporter: BridgeReporter });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  // First: it trusts the folder in the end, which the others need.
  await import('./restricted.test.ts');
  await import('./activation.test.ts');
  await import('./releasesTree.test.ts');
  await import('./documents.test.ts');
  await import('./messages.test.ts');
  await import('./procedure.test.ts');
  await import('./logPanel.test.ts');
  await import('./showHiddenTab.test.ts');
  await import('./pickStep.test.ts');
  await import('./setup.test.ts');
  await import('./diagnostics.test.ts');
  const failures = await new Promise<number>(resolve => mocha.run(resolve));
  await Promise.all(sending);
  await send('end', '');
  if (failures > 0) {
    throw new Error(`${failures} tests failed`);
  }
}

const sending: Promise<unknown>[] = [];

/** Sends each result to whoever started the editor. */
class BridgeReporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Mocha.Runner.constants;
    const report = (state: string) => (test: Mocha.Test, error?: Error) => {
      const result = {
        title: test.fullTitle(),
        state,
        ...(error ? { error: error.stack ?? error.message } : {}),
      };
      sending.push(send('result', JSON.stringify(result)));
    };
    runner.on(EVENT_TEST_PASS, report('passed'));
    runner.on(EVENT_TEST_FAIL, report('failed'));
    runner.on(EVENT_TEST_PENDING, report('skipped'));
  }
}
