/** One change of a file: `find`, which must occur exactly once, becomes `replace`; or the whole file is written. */
export type Edit =
  | { readonly path: string; readonly find: string; readonly replace: string }
  | { readonly path: string; readonly write: string };

export interface SampleCommit {
  readonly author: keyof typeof authors;
  /** With time zone, as git takes it. */
  readonly date: string;
  readonly message: string;
  readonly edits: readonly Edit[];
  /** The annotated tag set on this commit. */
  readonly tag?: { readonly name: string; readonly message: string };
}

export const authors = {
  alice: 'Alice Adler',
  bob: 'Bob Brandt',
  dana: 'Dana Dietz',
  olga: 'Olga Orlova',
} as const;

/**
 * The history of the sample repository: sandbox/kosmos is its first commit, these edits are the others.
 *
 * v2.1.1 is slow and v2.2.0 crashes. Here is why, and sandbox/stages/1-choose.yaml makes it so.
 */
export const sampleHistory: readonly SampleCommit[] = [
  {
    author: 'dana',
    date: '2026-09-07T09:12:40+02:00',
    message: 'Import the agent, its chart and the deployment procedures',
    edits: [],
  },
  release('alice', '2026-09-08T10:30:05+02:00', {
    from: '',
    to: 'v2.0.0',
    subject: 'Tasks come from a queue',
    changes: [],
  }),

  {
    author: 'bob',
    date: '2026-09-21T14:03:11+02:00',
    message:
      "List an agent's finished tasks, too\n\nThe status page needs them; unfinished ones alone made agents look idle.",
    edits: [
      {
        path: 'src/routes.js',
        find: 'JSON.stringify(tasks.filter(task => !task.finished))',
        replace: 'JSON.stringify(tasks)',
      },
    ],
  },
  {
    author: 'alice',
    date: '2026-09-22T11:47:52+02:00',
    message: 'Answer 404 for an unknown agent instead of an empty list',
    edits: [
      {
        path: 'src/routes.js',
        find: '    const tasks = state.agents.get(agent[1])?.tasks ?? [];\n',
        replace:
          '    const tasks = state.agents.get(agent[1])?.tasks;\n' +
          "    if (!tasks) {\n      return answer(response, 404, 'no such agent');\n    }\n",
      },
    ],
  },
  {
    author: 'olga',
    date: '2026-09-28T08:20:00+02:00',
    message:
      'Write down how to roll back by hand\n\nAfter the incident of the 26th, when nobody on call knew which revision was good.',
    edits: [
      {
        path: 'docs/rollback.md',
        write: `# Rolling back by hand

1. See which revisions there are, and which was good:

   \`\`\`bash
   helm history kosmos -n kosmos
   \`\`\`

2. Go back to the last revision that was \`deployed\` or \`superseded\`. Never to one that \`failed\`, and never with
   \`0\`: that is the revision before the current one, good or not.

   \`\`\`bash
   helm rollback kosmos REVISION -n kosmos --wait --timeout 10m
   \`\`\`

3. See the pods become ready:

   \`\`\`bash
   kubectl rollout status deployment/agent-name -n kosmos
   \`\`\`

4. Tell the others in the incident's channel, and write the release that failed into its post-deployment report.

The database needs nothing: every version works with the schema of the version after it.
`,
      },
    ],
  },
  {
    author: 'dana',
    date: '2026-10-02T16:55:30+02:00',
    message: "Rotate the queue's password",
    edits: [{ path: 'charts/kosmos/values.yaml', find: 'spring-barley-19', replace: 'autumn-thistle-42' }],
  },
  {
    author: 'alice',
    date: '2026-10-05T09:31:18+02:00',
    message:
      'Give production 512Mi of memory\n\nThe lists of finished tasks are larger: 240Mi at the peak of last week.',
    edits: [
      { path: 'values-production.yaml', find: 'limits: {memory: 256Mi}', replace: 'limits: {memory: 512Mi}' },
    ],
  },
  release('alice', '2026-10-06T10:15:44+02:00', {
    from: 'v2.0.0',
    to: 'v2.1.0',
    subject: 'Finished tasks',
    changes: ["An agent's list of tasks holds finished ones, too.", 'An unknown agent is answered with 404.'],
  }),

  {
    author: 'bob',
    date: '2026-10-13T15:22:09+02:00',
    message:
      'Load all routes before saying ready\n\nThe first requests after a rollout took seconds. Now a pod needs 12 to 20 s until it is ready.',
    edits: [
      {
        path: 'src/main.js',
        find: 'await followQueue(config, state);\n',
        replace: 'await warmUp(state);\nawait followQueue(config, state);\n',
      },
      {
        path: 'src/main.js',
        find: "import { routes } from './routes.js';\n",
        replace: "import { routes } from './routes.js';\nimport { warmUp } from './warmUp.js';\n",
      },
      {
        path: 'src/warmUp.js',
        write: `/** Loads the routes of all agents, so that the first requests are as fast as the others. */
export async function warmUp(state) {
  state.routes = new Map();
  for (let loaded = 0; loaded < 480; loaded += 60) {
    await loadRoutes(state, loaded, 60);
  }
}

async function loadRoutes(state, first, count) {
  for (let route = first; route < first + count; route += 1) {
    state.routes.set(route, await import('./routes.js'));
  }
}
`,
      },
    ],
  },
  {
    author: 'bob',
    date: '2026-10-13T16:40:37+02:00',
    message: 'Log how far the warm-up is',
    edits: [
      {
        path: 'src/warmUp.js',
        find: '    await loadRoutes(state, loaded, 60);\n',
        replace:
          '    await loadRoutes(state, loaded, 60);\n' +
          "    console.log('INFO  warm-up: ' + state.routes.size + ' of 480 routes loaded');\n",
      },
    ],
  },
  release('bob', '2026-10-14T09:05:00+02:00', {
    from: 'v2.1.0',
    to: 'v2.1.1',
    subject: 'No slow first requests',
    changes: ['A pod loads all routes before it takes requests.'],
  }),

  {
    author: 'bob',
    date: '2026-11-02T13:18:26+01:00',
    message: 'Read the size of the database pool from the configuration',
    edits: [
      {
        path: 'src/config/database.js',
        write: `import { parseNumber } from './numbers.js';

/** Reads how the agent uses its database. */
export function readDatabaseSettings(env) {
  return {
    url: env.DATABASE_URL,
    poolSize: parseNumber('DATABASE_POOL_SIZE', env.DATABASE_POOL_SIZE ?? '4'),
  };
}
`,
      },
      {
        path: 'src/config/index.js',
        find: "import { parseNumber } from './numbers.js';\n",
        replace:
          "import { readDatabaseSettings } from './database.js';\nimport { parseNumber } from './numbers.js';\n",
      },
      {
        path: 'src/config/index.js',
        find: '    logLevel:',
        replace: '    database: readDatabaseSettings(env),\n    logLevel:',
      },
      {
        path: 'charts/kosmos/templates/configmap.yaml',
        find: '  LOG_LEVEL:',
        replace: '  DATABASE_POOL_SIZE: {{ .Values.config.databasePoolSize | quote }}\n  LOG_LEVEL:',
      },
      {
        path: 'charts/kosmos/values.yaml',
        find: 'config:\n',
        replace: "config:\n  databasePoolSize: '4'\n",
      },
    ],
  },
  {
    author: 'alice',
    date: '2026-11-04T10:02:55+01:00',
    message: "Show the queue's depth to the status page",
    edits: [
      {
        path: 'src/routes.js',
        find: "  if (pathname === '/api/agents') {\n",
        replace:
          "  if (pathname === '/api/queue') {\n" +
          '    return answer(response, 200, JSON.stringify({ depth: state.queueDepth }));\n  }\n' +
          "  if (pathname === '/api/agents') {\n",
      },
    ],
  },
  {
    author: 'bob',
    date: '2026-11-05T17:49:03+01:00',
    message: 'Use ten database connections\n\nFour were busy all the time.',
    edits: [
      { path: 'charts/kosmos/values.yaml', find: "databasePoolSize: '4'", replace: 'databasePoolSize: ten' },
    ],
  },
  release('bob', '2026-11-06T08:58:12+01:00', {
    from: 'v2.1.1',
    to: 'v2.2.0',
    subject: 'More database connections',
    changes: [
      'The size of the database pool is a setting; it is ten now.',
      'The status page shows how long the queue is.',
    ],
  }),
];

function release(
  author: SampleCommit['author'],
  date: string,
  { from, to, subject, changes }: { from: string; to: string; subject: string; changes: readonly string[] },
): SampleCommit {
  const entry = `# Changelog\n\n## ${to}\n\n${changes.map(change => `- ${change}\n`).join('')}\n`;
  const tag = { name: to, message: `${to}: ${subject}` };
  if (from === '') {
    const path = 'docs/releases.md';
    const write = 'A release is an annotated tag on `main`. What is in it: CHANGELOG.md.\n';
    return { author, date, message: `Release ${to}`, edits: [{ path, write }], tag };
  }
  const edits: Edit[] = [
    { path: 'CHANGELOG.md', find: '# Changelog\n\n', replace: entry },
    {
      path: 'charts/kosmos/Chart.yaml',
      find: `version: ${from.slice(1)}\nappVersion: ${from}`,
      replace: `version: ${to.slice(1)}\nappVersion: ${to}`,
    },
  ];
  return { author, date, message: `Release ${to}`, edits, tag };
}
