import * as vscode from 'vscode';
import { type LogRange, logProtocol } from '../../webview/protocol/logMessages.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import type { Words } from '../words.ts';
import { buildLogWords } from './buildLogWords.ts';
import { buildPageHtml } from './buildPageHtml.ts';
import { LogDeeds } from './logDeeds.ts';
import type { LogPanelParts } from './logPanelParts.ts';
import type { LogPlace } from './logPlace.ts';
import { LogSession } from './logSession.ts';
import { openPageChannel, type PageChannel } from './openPageChannel.ts';
import { readPage } from './readPage.ts';
import { buildPageReader } from './readPageMessage.ts';

/** A tab of the editor with the log of one workload. */
export class LogPanel {
  readonly place: LogPlace;
  readonly #panel: vscode.WebviewPanel;
  readonly #session: LogSession;
  readonly #channel: PageChannel<typeof logProtocol>;
  readonly #stop: () => void;

  /** Fills an empty tab; the log is asked for at once, while the page is still loading. */
  constructor(
    parts: LogPanelParts,
    options: {
      readonly panel: vscode.WebviewPanel;
      readonly place: LogPlace;
      readonly range: LogRange;
      readonly logId?: string;
      /** It has come onto the screen. */
      readonly onShown: () => void;
      readonly onClosed: () => void;
    },
  ) {
    const { panel, place, range, logId } = options;
    const { t } = parts.words;
    this.place = place;
    this.#panel = panel;
    this.#channel = openPageChannel(panel.webview, async () => buildPageReader(logProtocol), {
      onMessage: message => this.#session.take(message),
      onProblem: parts.onError,
    });
    const deeds = new LogDeeds(parts, { tell: sentence => this.#session.tell(sentence) });
    this.#session = new LogSession({
      daemon: parts.daemon,
      place,
      range,
      ...(logId === undefined ? {} : { logId }),
      words: buildLogWords(t),
      settings: readLooks(),
      send: message => this.#channel.send(message),
      onDeed: deed => void deeds.do(deed, this.#session.log),
      sayAnew: () => t('The log was closed meanwhile, and begins anew.'),
      sayDisconnected: () =>
        t(
          'No connection to Slipway\u2019s daemon: what you see is what there was. It connects again by itself.',
        ),
      sayOlder: () =>
        t(
          'Slipway\u2019s daemon is an older one and cannot do this. A newer one takes over when its promotion has ended.',
        ),
    });
    this.#stop = listenToStore(parts.store, place, this.#session);
    panel.onDidChangeViewState(() => (panel.visible ? options.onShown() : this.#session.forgetPage()));
    panel.onDidDispose(() => {
      this.#dispose();
      options.onClosed();
    });
    fillPanel(panel, { extensionPath: parts.extensionPath, place, t });
  }

  /** Opens the log; rejects where it cannot be had. */
  open(): Promise<void> {
    return this.#session.open();
  }

  /** Opens the log as soon as it can be had; the page says what is in the way. */
  openLater(isConnected: boolean): void {
    void this.#session.setConnected(isConnected);
  }

  get title(): string {
    return this.#panel.title;
  }

  isShownIn(column: vscode.ViewColumn): boolean {
    return this.#panel.visible && this.#panel.viewColumn === column;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  close(): void {
    this.#panel.dispose();
  }

  #dispose(): void {
    this.#stop();
    this.#session.dispose();
    this.#channel.dispose();
  }
}

/** The connection and the repository come and go: the session must know when it can try again. */
function listenToStore(store: ReleaseStore, { repositoryId }: LogPlace, session: LogSession): () => void {
  let wasConnected = store.state.daemon.state === 'connected';
  return store.onDidChange(changed => {
    const isConnected = store.state.daemon.state === 'connected';
    if (isConnected !== wasConnected) {
      wasConnected = isConnected;
      void session.setConnected(isConnected);
    } else if (changed.has(`repository/${repositoryId}`)) {
      session.retry();
    }
  });
}

function fillPanel(
  panel: vscode.WebviewPanel,
  { extensionPath, place, t }: { extensionPath: string; place: LogPlace; t: Words['t'] },
): void {
  panel.title = buildLogTitle(place, t);
  panel.iconPath = new vscode.ThemeIcon('list-flat');
  panel.webview.options = { enableScripts: true, localResourceRoots: [] };
  panel.webview.html = buildPageHtml({
    language: vscode.env.language,
    title: panel.title,
    place: 'editor',
    bundle: readPage(extensionPath, 'logs'),
  });
}

/** `agent-name (staging)`. */
export function buildLogTitle({ workload, environment }: LogPlace, t: Words['t']): string {
  return t('{0} ({1})', workload.slice(workload.indexOf('/') + 1), environment);
}

function readLooks(): { readonly timestamps: boolean; readonly wrap: boolean } {
  const settings = vscode.workspace.getConfiguration('slipway.logs');
  return { timestamps: settings.get('timestamps', true), wrap: settings.get('wrap', false) };
}
