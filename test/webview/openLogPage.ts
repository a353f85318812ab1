import type { Page } from 'playwright-core';
import { buildLogWords } from '../../extension/panels/buildLogWords.ts';
import { LogSession } from '../../extension/panels/logSession.ts';
import { openPageChannel } from '../../extension/panels/openPageChannel.ts';
import { buildPageReader } from '../../extension/panels/readPageMessage.ts';
import type { DaemonPort } from '../../extension/state/daemonPort.ts';
import { fillIn } from '../../extension/words.ts';
import { type LogDeed, type LogRange, logProtocol } from '../../webview/protocol/logMessages.ts';
import { openPage } from './openPage.ts';
import type { ThemeName } from './themes.ts';

/** The built page of a log in Chromium, with the extension's own session at its other end. */
export type OpenedLogPage = {
  readonly page: Page;
  readonly session: LogSession;
  /** What the page asked of the window. */
  readonly deeds: readonly LogDeed[];
  /** Messages of the page that do not fit the protocol, errors on its console, violations of its policy. */
  readonly problems: readonly string[];
  /** Hides the page and shows it again, as the editor does: a new page with what the old one kept. */
  readonly reveal: () => Promise<void>;
  readonly send: (message: unknown) => Promise<void>;
  readonly kept: () => unknown;
  readonly close: () => Promise<void>;
};

/** How a page is opened. */
export type OpenLogOptions = {
  readonly log: DaemonPort;
  readonly range?: LogRange;
  readonly settings?: { readonly timestamps: boolean; readonly wrap: boolean };
  readonly theme?: ThemeName;
  /** In pixels of the screen. */
  readonly size?: { readonly width: number; readonly height: number };
  readonly zoom?: number;
  readonly scrollBars?: true;
};

/** Opens the page, and waits until it shows a log. */
export async function openLogPage(options: OpenLogOptions): Promise<OpenedLogPage> {
  const { theme, size = { width: 1000, height: 700 }, zoom, scrollBars } = options;
  const deeds: LogDeed[] = [];
  const faults: string[] = [];
  const listeners = new Set<(message: unknown) => unknown>();
  const opened = Promise.withResolvers<Awaited<ReturnType<typeof openPage>>>();
  const channel = openPageChannel(
    {
      postMessage: async message => {
        // As the editor does: false from a page that is gone.
        return (await opened.promise).send(message).then(
          () => true,
          () => false,
        );
      },
      onDidReceiveMessage: listener => {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
    },
    async () => buildPageReader(logProtocol),
    { onMessage: message => session.take(message), onProblem: sentence => faults.push(sentence) },
  );
  const session = new LogSession({
    daemon: options.log,
    place: { repositoryId: 'repository', environment: 'staging', workload: 'deployment/agent-name' },
    range: options.range ?? { previous: false, tailLines: 1000 },
    words: buildLogWords(fillIn),
    settings: options.settings ?? { timestamps: true, wrap: false },
    send: message => channel.send(message),
    onDeed: deed => deeds.push(deed),
    sayAnew: () => 'The log begins anew.',
    sayOlder: () => 'The daemon is an older one.',
    sayDisconnected: () => 'No connection to the daemon.',
  });
  await session.open();
  const page = await openPage({
    name: 'logs',
    place: 'editor',
    size,
    ...(theme === undefined ? {} : { theme }),
    ...(zoom === undefined ? {} : { zoom }),
    ...(scrollBars ? { scrollBars } : {}),
    onMessage: message => {
      for (const listener of listeners) {
        listener(message);
      }
    },
  });
  opened.resolve(page);
  const ready = () => page.page.locator('.log .cm-content').waitFor();
  await ready();
  return {
    page: page.page,
    session,
    deeds,
    get problems() {
      return [...page.problems, ...faults];
    },
    kept: page.kept,
    send: page.send,
    reveal: async () => {
      session.forgetPage();
      await page.reveal();
      await ready();
    },
    close: async () => {
      session.dispose();
      channel.dispose();
      await page.close();
    },
  };
}
