// `npm start`: installs what is missing, then brings everything up. Begins on the machine's own Node.
import { ensurePackages, ensureSystemPackages, runScript } from './bootstrap.mjs';
import { systemPackages } from './systemPackages.mjs';

const node = ensurePackages();
ensureSystemPackages(systemPackages);
runScript(node, 'sandbox/start.ts', process.argv.slice(2));
