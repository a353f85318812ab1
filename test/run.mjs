// `npm test`: installs what is missing, then runs every layer. Begins on the machine's own Node.
import { ensurePackages, ensureSystemPackages, runScript } from '../sandbox/bootstrap.mjs';
import { systemPackages } from '../sandbox/systemPackages.mjs';

const node = ensurePackages();
ensureSystemPackages(systemPackages);
runScript(node, 'test/runLayers.ts', process.argv.slice(2));
