import { connectDaemon, type GreetedClient } from '../../../daemon/client/connectDaemon.ts';
import { findDaemon } from '../../../daemon/client/findDaemon.ts';
import { handleJournalRead } from '../../../daemon/handlers/journalRead.ts';
import { handleJournalVerify } from '../../../daemon/handlers/journalVerify.ts';
import type { Handlers } from '../../../daemon/handlers/requestContext.ts';
import type { Services } from '../../../daemon/handlers/services.ts';
import { handleSessionHello } from '../../../daemon/handlers/sessionHello.ts';
import { handleSessionLeave } from '../../../daemon/handlers/sessionLeave.ts';
import { handleSessionRetire } from '../../../daemon/handlers/sessionRetire.ts';
import { handleSessionSubscribe } from '../../../daemon/handlers/sessionSubscribe.ts';
import { buildJournalEntry, type JournalEntry } from '../../../daemon/model/journalEntry.ts';
import type { Discovery } from '../../../daemon/protocol/discovery.ts';
import { preparePrivateFolder } from '../../../daemon/protocol/transport/privateFolder.ts';
import { DaemonServer } from '../../../daemon/server/daemonServer.ts';
import { defaultLimits, type Limits } from '../../../daemon/server/limits.ts';
import type { Log } from '../../../daemon/server/logFile.ts';
import { completeHandlers } from './completeHandlers.ts';
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
  const entries: JournalEntry[] = [];
  const listeners = new Set<() => void>();
  return {
    read: ({ since, limit, promotionId }) => ({
      events:
        promotionId === undefined
          ? entries.slice(since, since + limit)
          : entries
              .filter(entry => entry.promotionId === promotionId && entry.sequence > since)
              .slice(0, limit),
      head: entries.length,
    }),
    head: () => ({ sequence: entries.length }),
    onAppended: listener => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    verify: async () => ({ ok: true, events: 0, findings: [], provenUpTo: 0, message: '' }),
    append: (count, text = '') => {
      for (let index = 0; index < count; index++) {
        const head = { sequence: entries.length, hash: `v1:${entries.length}` };
        entries.push(
          buildJournalEntry(head, { type: 'test.happened', version: 1, payload: { text } }, '2026-01-01'),
        );
        for (const listener of [...listeners]) {
          listener();
        }
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
  const services = {
    identity: {
      version,
      pid: process.pid,
      startedAt,
      home: stateFolder,
      host: 'here',
      logFile: '',
      person: 'ada',
      program: '/nowhere/daemon.cjs',
    },
    journal,
    lifecycle: {
      runningPromotions: options.running ?? (() => []),
      retire: options.onRetire ?? (() => {}),
      leave: () => {},
    },
  };
  const server = new DaemonServer({
    stateFolder,
    identity: { version, startedAt, program: '/nowhere/daemon.cjs' },
    handlers: completeHandlers({
      'session.hello': handleSessionHello(services),
      'session.subscribe': handleSessionSubscribe(services),
      'session.retire': handleSessionRetire(services),
      'session.leave': handleSessionLeave(services),
      'journal.read': handleJournalRead(services),
      'journal.verify': handleJournalVerify(services),
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
