import type { Result } from '../../daemon/protocol/messages.ts';
import type { StoreState } from '../state/storeState.ts';
import type { Translate, Words } from '../words.ts';

/** A section of the setup's document, for the buttons beside its heading. */
export type SetupSection = 'notices' | 'daemon' | 'tools' | 'path' | 'kubeconfigs' | 'proxies' | 'store';

/** The setup as a document. */
export type SetupText = {
  readonly text: string;
  /** Section to the line of its heading; lines start at 0. */
  readonly lines: ReadonlyMap<SetupSection, number>;
  /** Absolute paths of files that can be opened. */
  readonly files: readonly string[];
};

type Setup = Result<'setup.show'>;
type Section = readonly [name: SetupSection, title: string, lines: readonly string[]];

/** Writes down how Slipway is set up on this machine, what is wrong first; without a daemon, what the window knows. */
export function buildSetupText(state: StoreState, words: Words): SetupText {
  const { setup } = state;
  const sections: readonly Section[] = [
    ['notices', words.t('What to know'), buildNoticeLines(state)],
    ['daemon', words.t('Daemon'), buildDaemonLines(state, words)],
    ...(setup ? buildSetupSections(setup, words) : []),
  ];
  const text = [`# ${words.t('Setup')}`];
  const lines = new Map<SetupSection, number>();
  for (const [name, title, content] of sections) {
    if (content.length > 0) {
      lines.set(name, text.length + 1);
      text.push('', `## ${title}`, '', ...content);
    }
  }
  const files = setup ? [setup.logFile, ...setup.kubeconfigs] : [];
  return { text: `${text.join('\n')}\n`, lines, files };
}

function buildSetupSections(setup: Setup, words: Words): readonly Section[] {
  const { t } = words;
  const keeps = t('Read when the daemon started: after a change, run "Slipway: Restart Daemon".');
  return [
    ['tools', t('Tools'), setup.tools.flatMap(tool => buildToolLines(tool, t))],
    [
      'path',
      t('PATH, from {0}', setup.pathFrom),
      [...setup.path.split(':').map(folder => `- ${folder}`), '', keeps],
    ],
    ['kubeconfigs', t('Kubeconfigs, from {0}', setup.kubeconfigsFrom), buildKubeconfigLines(setup, t)],
    [
      'proxies',
      t('Proxy'),
      [
        ...(setup.proxies.length === 0 ? [t('No proxy is set.')] : []),
        ...setup.proxies.map(({ name, value }) => `- ${name}: ${value}`),
        '',
        keeps,
      ],
    ],
    ['store', t('Store'), buildStoreLines(setup, words)],
  ];
}

function buildNoticeLines({ daemon, tools, setup }: StoreState): readonly string[] {
  return [
    ...(daemon.state === 'disconnected' ? [`- ${daemon.reason} ${daemon.next}`] : []),
    ...(daemon.state === 'reconnecting' ? [`- ${daemon.reason}`] : []),
    ...(daemon.state === 'connected' && daemon.notice ? [`- ${daemon.notice}`] : []),
    ...tools.map(({ message, next }) => `- ${message} ${next}`),
    ...(setup?.notices.map(notice => `- ${notice}`) ?? []),
  ];
}

function buildDaemonLines({ daemon, setup }: StoreState, { t, exactTime }: Words): readonly string[] {
  const connected =
    daemon.state === 'connected'
      ? [
          `- ${t('Version {0} on {1}', daemon.version, daemon.host)}`,
          `- ${t('You act as {0}', daemon.person)}`,
        ]
      : [
          `- ${daemon.state === 'starting' ? t('The daemon is starting.') : t('There is no connection to a daemon.')}`,
        ];
  return [
    ...connected,
    ...(setup
      ? [
          `- ${t('Process {0} since {1}, Node {2}', setup.daemon.pid, exactTime(setup.daemon.startedAt), setup.daemon.node)}`,
          `- ${t('Program {0}', setup.daemon.program)}`,
          `- ${t('State folder {0}', setup.stateFolder)}`,
          `- ${t('Log file {0}', setup.logFile)}`,
        ]
      : []),
  ];
}

function buildToolLines(tool: Setup['tools'][number], t: Translate): readonly string[] {
  const from = tool.from === undefined ? '' : ` (${t('from {0}', tool.from)})`;
  return [
    `- ${tool.name} ${tool.version ?? ''}`.trimEnd(),
    ...(tool.path ? [`  ${tool.path}${from}`] : []),
    ...(tool.problem ? [`  ${t('PROBLEM: {0}', tool.problem)}`] : []),
  ];
}

function buildKubeconfigLines(setup: Setup, t: Translate): readonly string[] {
  return [
    ...setup.kubeconfigs.map(file => `- ${file}`),
    ...setup.kubeconfigProblems.map(problem => `  ${t('PROBLEM: {0}', problem)}`),
    ...(setup.contexts.length === 0 ? [t('They name no context.')] : ['', t('Contexts:'), '']),
    ...setup.contexts.map(({ name, server, user, namespace, current }) => {
      const facts = [
        server,
        t('user {0}', user),
        ...(namespace ? [t('namespace {0}', namespace)] : []),
        ...(current ? [t('current')] : []),
      ];
      return `- ${name}: ${facts.join(', ')}`;
    }),
  ];
}

function buildStoreLines({ store }: Setup, { t, exactTime }: Words): readonly string[] {
  const { anchor } = store;
  return [
    `- ${store.path}`,
    `- ${t('{0} KiB, schema version {1}', Math.ceil(store.bytes / 1024), store.schemaVersion)}`,
    `- ${t('Events in the journal: {0}', store.head)}`,
    anchor
      ? `- ${t('Last anchor, a copy of the journal\u2019s head outside of it: event {0}, {1}', anchor.sequence, exactTime(anchor.time))}`
      : `- ${t('No anchor yet, a copy of the journal\u2019s head outside of it: the first promotion leaves one.')}`,
    `- ${t('"Slipway: Verify Journal" checks that no event was changed, removed or swapped.')}`,
  ];
}
