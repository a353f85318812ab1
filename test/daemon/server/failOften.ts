// Fails as often as its argument says, in both ways, and says at the end that it went on. Run by a test.
import { registerCrashGuard } from '../../../daemon/server/crashGuard.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);
const log = { info: say, warn: say, error: (message: string) => say(message) };
registerCrashGuard(log, () => {
  say('gave up');
  process.exit(3);
});
for (let index = 0; index < Number(process.argv[2]); index++) {
  setImmediate(() => {
    if (index % 2 === 0) {
      throw new Error('a defect');
    }
    void Promise.reject(new Error('a defect'));
  });
}
setTimeout(() => say('went on'), 300);
