import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildPageHtml } from '../../extension/panels/buildPageHtml.ts';
import { readPage } from '../../extension/panels/readPage.ts';
import { buildThemeCss, type ThemeName } from './themes.ts';

/** A built page in Chromium, with a made-up host around it. */
export type OpenedPage = {
  readonly page: Page;
  /** What the page has sent, unchecked. */
  readonly sent: readonly unknown[];
  /** Errors on its console and violations of its policy. */
  readonly problems: readonly string[];
  /** Sends a message; resolves when the page has taken it. */
  readonly send: (message: unknown) => Promise<void>;
  /** What the page keeps while it is hidden. */
  readonly kept: () => unknown;
  /** Hides the page and shows it again, as the editor does: a new page with what the old one kept. */
  readonly reveal: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** How a page is opened. */
export type OpenOptions = {
  /** Its folder in webview/. */
  readonly name: 'checklist' | 'logs';
  readonly place: 'sideBar' | 'editor';
  readonly theme?: ThemeName;
  /** In pixels of the screen; zoom makes fewer of the page's own. */
  readonly size?: { readonly width: number; readonly height: number };
  readonly zoom?: number;
  /** With scroll bars that take room and can be dragged; without a window, the browser has none otherwise. */
  readonly scrollBars?: true;
  /** What its HTML says that it shows. */
  readonly given?: unknown;
  /** What an earlier page has kept. */
  readonly kept?: unknown;
  /** Hears each message of the page as it comes. */
  readonly onMessage?: (message: unknown) => void;
};

const root = join(import.meta.dirname, '..', '..');

/** The browsers of a run: without and with scroll bars. */
const browsers = new Map<boolean, Promise<Browser>>();

/** Opens a built page with the policy and the theme that the editor gives it. */
export async function openPage(options: OpenOptions): Promise<OpenedPage> {
  const browser = await launch(options.scrollBars === true);
  const { width, height } = options.size ?? { width: 320, height: 900 };
  const zoom = options.zoom ?? 1;
  const context = await browser.newContext({
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const [sent, problems]: [unknown[], string[]] = [[], []];
  page.on('console', message => {
    if (message.type() === 'error') {
      problems.push(message.text());
    }
  });
  page.on('pageerror', error => problems.push(String(error)));
  let { kept } = options;
  await page.exposeBinding('slipwayHost', (_source, kind: string, value: unknown) => {
    if (kind === 'post') {
      sent.push(value);
      options.onMessage?.(value);
    } else if (kind === 'keep') {
      kept = value;
    } else {
      problems.push(String(value));
    }
  });
  const server = await serve(options);
  const show = async () => {
    await page.addInitScript(hostScript, kept);
    await page.goto(server.address);
  };
  await show();
  return {
    page,
    sent,
    problems,
    send: message => page.evaluate(sendAndWait, message),
    kept: () => kept,
    reveal: async () => {
      await page.goto('about:blank');
      await show();
    },
    close: async () => {
      await context.close();
      server.close();
    },
  };
}

function launch(scrollBars: boolean): Promise<Browser> {
  const known = browsers.get(scrollBars);
  const launched =
    known ??
    chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox'],
      ...(scrollBars ? { ignoreDefaultArgs: ['--hide-scrollbars'] } : {}),
    });
  browsers.set(scrollBars, launched);
  return launched;
}

/** What the editor gives a page; the last init script wins, so a page that is shown again finds what was kept. */
function hostScript(kept: unknown): void {
  type Host = { slipwayHost(kind: string, value: unknown): Promise<void> };
  const tell = (kind: string, value: unknown) => void (window as unknown as Host).slipwayHost(kind, value);
  let state = kept;
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => tell('post', message),
      setState: (value: unknown) => {
        state = value;
        tell('keep', value);
      },
      getState: () => state,
    }),
  });
  window.addEventListener('message', ({ ports: [port] }) => {
    port?.postMessage('taken');
  });
  document.addEventListener('securitypolicyviolation', event => {
    tell('violation', `policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
}

/** Posts a message with a port on which the host script answers: the answer comes after every listener of the page. */
function sendAndWait(message: unknown): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise(resolve => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    window.postMessage(message, '*', [port2]);
  });
}

/** Serves the page as the editor does. */
async function serve(
  options: OpenOptions,
): Promise<{ readonly address: string; readonly close: () => void }> {
  const { name, place } = options;
  const { className, style } = buildThemeCss(options.theme ?? 'dark');
  const server = createServer((request, response) => {
    const file = request.url?.slice(1) ?? '';
    if (file === '') {
      const html = buildPageHtml({
        language: 'en',
        title: name,
        place,
        bundle: readPage(root, name),
        given: options.given,
      });
      // The editor gives both beside the page's own.
      response.setHeader('content-type', 'text/html');
      response.end(
        html
          .replace(/<style nonce="[^"]+">/, own => `${own}\n${style}</style>\n${own}`)
          .replace('<body', `<body class="${className}"`),
      );
      return;
    }
    response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const address = `http://127.0.0.1:${port}`;
  return {
    address,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Ends the browsers; nobody may use them afterwards. */
export async function closePages(): Promise<void> {
  for (const browser of browsers.values()) {
    await (await browser).close();
  }
  browsers.clear();
}

// A hook of the root suite: it runs once, after the last test. The benches have no mocha around them.
if (typeof after === 'function') {
  after(closePages);
}
