import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildLogWords } from '../../extension/panels/buildLogWords.ts';
import { buildPageHtml } from '../../extension/panels/buildPageHtml.ts';
import { type LogDeed, LogSession } from '../../extension/panels/logSession.ts';
import { openPageChannel } from '../../extension/panels/openPageChannel.ts';
import type { DaemonPort } from '../../extension/state/daemonPort.ts';
import { fillIn } from '../../extension/words.ts';
import { type LogRange, logProtocol, type ToLogPage } from '../../webview/protocol/logMessages.ts';
import { buildThemeCss, type ThemeName } from './themes.ts';

/** The built page of a log in Chromium, with the extension's own session at its other end. */
export type OpenedLogPage = {
  readonly page: Page;
  readonly session: LogSession;
  /** What the page asked of the window. */
  readonly deeds: LogDeed[];
  /** Messages of the page that do not fit the protocol, errors on its console, violations of its policy. */
  readonly problems: string[];
  /** What the page keeps while it is hidden. */
  readonly readKept: () => Promise<unknown>;
  /** Hides the page and shows it again, as the editor does: a new page with what the old one kept. */
  readonly reveal: () => Promise<void>;
  readonly send: (message: unknown) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** How a page is opened. */
export type OpenOptions = {
  readonly log: DaemonPort;
  readonly range?: LogRange;
  readonly settings?: { readonly timestamps: boolean; readonly wrap: boolean };
  readonly theme?: ThemeName;
  readonly size?: { readonly width: number; readonly height: number };
  readonly zoom?: number;
};

const dist = join(import.meta.dirname, '..', '..', 'dist', 'webview');

let browser: Browser | undefined;

/** Opens the page; the browser is shared by all tests of a run. */
export async function openLogPage(options: OpenOptions): Promise<OpenedLogPage> {
  browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const { width, height } = options.size ?? { width: 1000, height: 700 };
  const zoom = options.zoom ?? 1;
  const context = await browser.newContext({
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const problems: string[] = [];
  const deeds: LogDeed[] = [];
  page.on('console', message => {
    if (message.type() === 'error') {
      problems.push(message.text());
    }
  });
  page.on('pageerror', error => problems.push(String(error)));
  const server = await serve(options.theme ?? 'dark');
  const listeners = new Set<(message: unknown) => unknown>();
  let kept: unknown;
  await page.exposeBinding('slipwayHost', (_source, kind: string, value: unknown) => {
    switch (kind) {
      case 'post':
        for (const listener of listeners) {
          listener(value);
        }
        break;
      case 'keep':
        kept = value;
        break;
      case 'violation':
        problems.push(String(value));
        break;
    }
    return kept;
  });
  const send = async (message: unknown) => {
    await page.evaluate(sent => window.postMessage(sent, '*'), message);
  };
  const channel = openPageChannel(
    {
      postMessage: async message => {
        await send(message);
        return true;
      },
      onDidReceiveMessage: listener => {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
    },
    logProtocol,
    {
      onMessage: message => session.take(message),
      onProblem: sentence => problems.push(sentence),
    },
  );
  const session = new LogSession({
    daemon: options.log,
    place: { repositoryId: 'repository', environment: 'staging', workload: 'deployment/agent-name' },
    range: options.range ?? { previous: false, tailLines: 1000 },
    words: buildLogWords(fillIn),
    settings: options.settings ?? { timestamps: true, wrap: false },
    send: (message: ToLogPage) => channel.send(message),
    onDeed: deed => deeds.push(deed),
    sayAnew: () => 'The log begins anew.',
    sayDisconnected: () => 'No connection to the daemon.',
  });
  const show = async () => {
    await page.addInitScript(hostScript, kept);
    await page.goto(server.address);
    await page.locator('.log .cm-content').waitFor();
  };
  await session.open();
  await show();
  return {
    page,
    session,
    deeds,
    problems,
    readKept: async () => kept,
    reveal: async () => {
      session.forgetPage();
      await page.goto('about:blank');
      await show();
    },
    send,
    close: async () => {
      session.dispose();
      channel.dispose();
      await context.close();
      server.close();
    },
  };
}

/** What VS Code gives a page; the last init script wins, so that a page that is shown again finds what was kept. */
function hostScript(kept: unknown): void {
  const host = (kind: string, value: unknown) =>
    (window as unknown as { slipwayHost(kind: string, value: unknown): Promise<unknown> }).slipwayHost(
      kind,
      value,
    );
  let state = kept;
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => void host('post', message),
      setState: (value: unknown) => {
        state = value;
        void host('keep', value);
      },
      getState: () => state,
    }),
  });
  document.addEventListener('securitypolicyviolation', event => {
    void host('violation', `${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
  const times: number[] = [];
  Object.assign(window, { slipwayTasks: times });
  new PerformanceObserver(list => times.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: 'longtask',
    buffered: true,
  });
}

/** Serves the page as the editor does: its policy allows what comes from this address only. */
async function serve(theme: ThemeName): Promise<{ readonly address: string; readonly close: () => void }> {
  const server: Server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    if (name === '') {
      const html = buildPageHtml({
        language: 'en',
        title: 'agent-name',
        place: 'editor',
        cspSource: address,
        script: `${address}/logs.js`,
        style: `${address}/logs.css`,
      });
      response.setHeader('content-type', 'text/html');
      const { className, style } = buildThemeCss(theme);
      // The editor sets both from outside of the page's policy.
      response.end(
        html
          .replace('<link', `<link rel="stylesheet" href="${address}/theme.css">\n<link`)
          .replace('<body', `<body class="${className}"`)
          .replace('<html', `<html data-style="${style.length}"`),
      );
      return;
    }
    response.setHeader('content-type', name.endsWith('.js') ? 'text/javascript' : 'text/css');
    if (name === 'theme.css') {
      response.end(buildThemeCss(theme).style);
      return;
    }
    readFile(join(dist, name)).then(
      content => response.end(content),
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = (server.address() as { port: number }).port;
  const address = `http://127.0.0.1:${port}`;
  return {
    address,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The durations of the page's tasks over 50 ms, in milliseconds, since the last call. */
export async function takeLongTasks(page: Page): Promise<readonly number[]> {
  return page.evaluate(() => {
    const tasks = (window as unknown as { slipwayTasks: number[] }).slipwayTasks;
    return tasks.splice(0);
  });
}

/** Ends the browser; nobody may use it afterwards. */
export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = undefined;
}

// A hook of the root suite: it runs once, after the last test. The benches have no mocha around them.
if (typeof after === 'function') {
  after(closeBrowser);
}
