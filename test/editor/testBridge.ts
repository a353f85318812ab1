import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Page } from 'playwright-core';
import { readLenses, readVisibleText } from '../journeys/editorTabs.ts';
import { openedLog, readLogRows } from '../journeys/logTab.ts';
import { readStatus } from '../journeys/messages.ts';
import { readQuickPick } from '../journeys/quickPick.ts';
import {
  openReleases,
  readActivity,
  readReleases,
  readWelcome,
  readWelcomeButtons,
  selectRow,
} from '../journeys/releasesView.ts';
import { readNotifications, trustFolder } from '../journeys/restrictedMode.ts';
import { takeScreenshot } from '../journeys/screenshots.ts';
import type { TestRecord } from '../testRecord.ts';

/** A result of one test. */
export type TestResult = Pick<TestRecord, 'title' | 'state'> & { readonly error?: string };

/** Between the tests in the extension host and the browser around them: results out, looks at the window in. */
export type TestBridge = {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  /** Resolves at the end of the tests to whether all passed. */
  readonly finished: Promise<boolean>;
  setPage(page: Page): void;
  close(): Promise<void>;
};

/** What the tests can see of the window, and do in it, by name. */
const looks: Readonly<Record<string, (page: Page, argument: string) => Promise<unknown>>> = {
  releases: async page => {
    await openReleases(page);
    return readReleases(page);
  },
  activity: page => readActivity(page),
  select: (page, label) => selectRow(page, label),
  welcome: async page => {
    await openReleases(page);
    return readWelcome(page);
  },
  welcomeButtons: page => readWelcomeButtons(page),
  status: page => readStatus(page),
  lenses: page => readLenses(page),
  text: page => readVisibleText(page),
  notifications: page => readNotifications(page),
  trust: page => trustFolder(page),
  logRows: async page => readLogRows(await openedLog(page)),
  quickPick: page => readQuickPick(page),
  type: (page, text) => page.keyboard.type(text),
  press: (page, key) => page.keyboard.press(key),
  screenshot: (page, name) => takeScreenshot(page, name),
};

/** Listens on a port of 127.0.0.1 that the system chooses. */
export async function openTestBridge(onResult: (result: TestResult) => void): Promise<TestBridge> {
  const finished = Promise.withResolvers<boolean>();
  const page = Promise.withResolvers<Page>();
  const policy: string[] = [];
  let failed = 0;
  let passed = 0;
  const answer = async (path: string, body: string): Promise<unknown> => {
    const [, verb = '', name = ''] = path.split('/');
    if (verb === 'look' && name === 'policy') {
      return policy;
    }
    if (verb === 'look') {
      const look = looks[name];
      return look ? look(await page.promise, body) : Promise.reject(new Error(`no look "${name}"`));
    }
    if (verb === 'result') {
      const result = JSON.parse(body) as TestResult;
      failed += result.state === 'failed' ? 1 : 0;
      passed += result.state === 'passed' ? 1 : 0;
      onResult(result);
      return null;
    }
    console.log(`${passed} passed, ${failed} failed in the editor`);
    finished.resolve(failed === 0 && passed > 0);
    return null;
  };
  const server = createServer((request, response) => {
    void readBody(request)
      .then(body => answer(request.url ?? '', body))
      .then(
        value => response.end(JSON.stringify({ value })),
        error =>
          response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) })),
      );
  });
  return {
    address: await listen(server),
    finished: finished.promise,
    setPage: opened => {
      // What the policy of a webview keeps from it is told on the console, and nowhere else.
      opened.on('console', message => {
        if (message.text().includes('Content Security Policy')) {
          policy.push(message.text());
        }
      });
      page.resolve(opened);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
