/** A group of tests that needs the same things; `command` runs on Node 24 at the repository's root. */
export type Layer = {
  readonly name: string;
  readonly command: readonly string[];
  /** Runs at the same time: it waits for most of its time, and the speed of nothing is measured there. */
  readonly beside?: readonly string[];
  /** The longest it may take, in minutes. */
  readonly minutes: number;
  /** True when the layers after it make no sense without it. */
  readonly required?: true;
};

/** What a layer ends with when it cannot run on this machine; it says why, and is not a pass. */
export const skippedExitCode = 77;

const mocha = (folder: string, ...options: string[]) => ['mocha', `test/${folder}/**/*.test.ts`, ...options];

/** Rollouts, deadlines, kills and restarts of whole clusters; what is promised within seconds is not among them. */
const patientFiles = [
  'checklist',
  'foreignChart',
  'foreignTemplates',
  'helm3',
  'killedHelm',
  'missedDeadline',
  'monorepo',
  'oldPods',
  'recovery',
  'renamedContext',
  'rollback',
  'sampleRepository',
  'sandbox',
  'sandboxLifetime',
  'soak',
  'stuckStatefulSet',
].map(name => `test/cluster/${name}.test.ts`);
const clusterOptions = ['--timeout', '120000'];

/** Every layer of `npm test`, cheapest first. */
export const layers: readonly Layer[] = [
  { name: 'types', command: ['tsc', '--noEmit'], minutes: 3 },
  { name: 'webview types', command: ['tsc', '--noEmit', '-p', 'webview'], minutes: 3 },
  // The tests drive pages from Node: they know the browser's types as well as Node's, which pages must not.
  { name: 'webview test types', command: ['tsc', '--noEmit', '-p', 'test/webview'], minutes: 3 },
  { name: 'lint', command: ['biome', 'ci', '.'], minutes: 2 },
  { name: 'unit', command: mocha('unit'), minutes: 5 },
  { name: 'build', command: ['node', 'build.mjs'], minutes: 2, required: true },
  { name: 'daemon', command: mocha('daemon'), minutes: 10 },
  { name: 'webview', command: mocha('webview', '--timeout', '60000'), minutes: 10 },
  { name: 'tools', command: ['node', 'sandbox/prepare.ts'], minutes: 40, required: true },
  {
    name: 'cluster',
    command: mocha('cluster', ...clusterOptions, ...patientFiles.flatMap(file => ['--ignore', file])),
    beside: ['mocha', ...patientFiles, ...clusterOptions],
    minutes: 35,
  },
  { name: 'editor', command: ['node', 'test/editor/run.ts'], minutes: 10 },
  { name: 'electron', command: ['node', 'test/editor/runDesktop.ts'], minutes: 15 },
  { name: 'journeys', command: mocha('journeys', '--timeout', '300000'), minutes: 30 },
  { name: 'package', command: mocha('package', '--timeout', '300000'), minutes: 15 },
  { name: 'start', command: mocha('start'), minutes: 10 },
];
