// Starts a daemon as a window does, says its process id, and dies without a word. Run by a test.
import { startTestDaemon } from './testProgram.ts';

const { pid } = await startTestDaemon(process.argv[2] ?? '');
console.log(pid);
process.kill(process.pid, 'SIGKILL');
