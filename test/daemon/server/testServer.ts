import { connectDaemon, type GreetedClient } from '../../../daemon/client/connectDaemon.ts';
import { findDaemon } from '../../../daemon/client/findDaemon.ts';
import { buildHandlers } from '../../../daemon/handlers/handlers.ts';
import type { Handlers } from '../../../daemon/handlers/requestContext.ts';
import type { Services } from '../../../daemon/handlers/services.ts';
import type { Discovery } from '../../../daemon/protocol/discovery.ts';
import type { JournalEventView } from '../../../daemon/protocol/journal.ts';
import { preparePrivateFolder } from '../../../daemon/protocol/transport/privateFolder.ts';
import { DaemonServer } from '../../../daemon/server/daemonServer.ts';
import { defaultLimits, type Limits } from '../../../daemon/server/limits.ts';
import type { Log } from '../../../daemon/server/logFile.ts';
import { completeHandlers } from '../../../daemon/server/notAvailable.ts';
import { buildTestFolder } from './testFolder.ts';

/** A journal in memory. */
export type TestJournal = Services['journal'] & {
  /** Appends events with the next sequence numbers; `text` is their payload. */
  readonly append: (count: number, text?: string) => void;
};

/** A real server on a real socket in this process. */
export type TestServer = {
  readonly server: DaemonServer;
  readonly discovery: Discovery;
  readonly stateFolder: string;
  readonly journal: TestJournal;
  /** Every line of the log. */
  readonly lines: readonly string[];
  readonly connect: () => Promise<GreetedClient>;
  readonly stop: () => Promise<void>;
};

/** Builds a journal in memory. */
export function buildTestJournal(): TestJournal {
  const events: JournalEventView[] = [];
  const listeners = new Set<() => void>();
  const read = ({ since, limit }: { since: number; limit: number }) => events.slice(since, since + limit);
  return {
    read,
    readPromotion: ({ promotionId, since, limit }) =>
      events.filter(event => event.sequence > since && event.promotionId === promotionId).slice(0, limit),
    head: () => events.length,
    onAppended: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    verify: async () => ({ ok: true, events: 0, findings: [], provenUpTo: 0, message: '' }),
    append: (count, text = '') => {
      for (let index = 0; index < count; index++) {
        const sequence = events.length + 1;
        events.push({
          sequence,
          time: new Date(sequence).toISOString(),
          type: 'test.happened',
          version: 1,
          payload: { text },
        });
      }
      for (const listener of listeners) {
        listener();
      }
    },
  };
}

/** Starts a server with the real handlers, some of them replaced. */
export async function startTestServer(
  options: {
    readonly handlers?: Partial<Handlers>;
    readonly limits?: Partial<Limits>;
    readonly version?: string;
    readonly stateFolder?: string;
    readonly journal?: TestJournal;
    readonly running?: () => readonly string[];
    readonly onRetire?: () => void;
  } = {},
): Promise<TestServer> {
  const stateFolder = options.stateFolder ?? buildTestFolder();
  preparePrivateFolder(stateFolder);
  const journal = options.journal ?? buildTestJournal();
  const { log, lines } = buildTestLog();
  const version = options.version ?? '1.0.0';
  const startedAt = new Date().toISOString();
  const server = new DaemonServer({
    stateFolder,
    identity: { version, startedAt, program: '/nowhere/daemon.cjs' },
    handlers: completeHandlers({
      ...buildHandlers({
        identity: {
          version,
          pid: process.pid,
          startedAt,
          home: stateFolder,
          host: 'here',
          logFile: '',
          person: 'ada',
        },
        journal,
        lifecycle: {
          runningPromotions: options.running ?? (() => []),
          retire: options.onRetire ?? (() => {}),
        },
      }),
      ...options.handlers,
    }),
    journal,
    log,
    limits: { ...defaultLimits, ...options.limits },
  });
  await server.listen();
  const lookup = findDaemon(stateFolder);
  if (lookup.state !== 'found') {
    throw new Error(lookup.reason);
  }
  const { discovery } = lookup;
  return {
    server,
    discovery,
    stateFolder,
    journal,
    lines,
    connect: () => connectDaemon(discovery, { name: 'test', version: '1.0.0' }),
    stop: () => server.stop('stopping', 'The test is over.'),
  };
}

function buildTestLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (message: string, facts: object = {}) => {
      lines.push(`${level} ${message} ${JSON.stringify(facts)}`);
    };
  return { log: { info: write('info'), warn: write('warn'), error: write('error') }, lines };
}
