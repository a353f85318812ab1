// Starts a daemon as a window does, says its process id, and dies without a word. Run by a test.
import { startDaemon } from '../../../daemon/client/startDaemon.ts';
import { preparePrivateFolder } from '../../../daemon/protocol/transport/privateFolder.ts';
import { buildDaemonEnv, spawnDaemon } from '../../../extension/connection/spawnDaemon.ts';

const [, , stateFolder = '', program = ''] = process.argv;
preparePrivateFolder(stateFolder);
const env = { ...buildDaemonEnv(process.env), SLIPWAY_HOME: stateFolder, SLIPWAY_IDLE_SECONDS: '30' };
const { pid } = await startDaemon({ stateFolder, program, env, spawn: spawnDaemon });
console.log(pid);
process.kill(process.pid, 'SIGKILL');
