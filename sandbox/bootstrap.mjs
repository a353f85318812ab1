// Runs on the machine's own Node (20 or newer) before anything is installed: plain JavaScript, no dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const oldestNode = 20;

/** Installs the npm packages when the lockfile is newer than what is installed; returns the path of Node 24. */
export function ensurePackages() {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    fail(`Slipway needs Node ${oldestNode} or newer to begin; this is ${process.version}.`);
  }
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.slipway-lock');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    console.log('Installing npm packages (under a minute) ...');
    // Not `npm ci`: it refuses when a registry's mirror lacks an optional package for some other system, which
    // `npm install` leaves out. The versions are the lockfile's all the same, and it is not written.
    const result = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (result.status !== 0) {
      fail(
        '`npm ci` failed: what it printed is above. Check that the npm registry can be reached, then try again.',
      );
    }
    writeFileSync(stamp, lock);
  }
  return join(root, 'node_modules', 'node', 'bin', 'node');
}

/** Installs Debian packages as root; otherwise names the command. Each package is {name, file}: file tells that it is there. */
export function ensureSystemPackages(packages) {
  const missing = packages.filter(wanted => !existsSync(wanted.file)).map(wanted => wanted.name);
  if (missing.length === 0) {
    return;
  }
  if (process.getuid?.() !== 0) {
    fail(
      `These Debian packages are missing. Install them, then try again:\n  sudo apt-get install -y ${missing.join(' ')}`,
    );
  }
  console.log(`Installing Debian packages: ${missing.join(' ')} (a minute or two) ...`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...missing]]) {
    const result = spawnSync('apt-get', args, { env: environment, encoding: 'utf8', maxBuffer: 64 << 20 });
    if (result.status !== 0) {
      fail(`apt-get ${args.join(' ')} failed:\n${result.stderr}`);
    }
  }
}

/** The environment in which our own scripts run: Node 24 and the packages' programs first on PATH. */
function scriptEnvironment() {
  const path = [
    join(root, 'node_modules', 'node', 'bin'),
    join(root, 'node_modules', '.bin'),
    process.env.PATH,
  ];
  return { ...process.env, PATH: path.join(delimiter), NODE_NO_WARNINGS: '1' };
}

/** Runs a TypeScript file on Node 24, hands signals on, and ends with its exit code. */
export function runScript(node, file, args) {
  const child = spawn(node, [join(root, file), ...args], {
    cwd: root,
    env: scriptEnvironment(),
    stdio: 'inherit',
  });
  // Ctrl-C reaches the child by the terminal's process group; here we only wait for it to end cleanly.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
