import * as vscode from 'vscode';
import type { ChecklistPage, checklistProtocol } from '../../webview/protocol/checklistProtocol.ts';
import type { FromPage } from '../../webview/protocol/panelProtocol.ts';
import { followChecklistChanges } from './checklistChanges.ts';
import type { BuiltPage } from './checklistPage.ts';
import type { OpenChecklistParts } from './checklistViewParts.ts';
import { openPageChannel, type PageChannel } from './openPageChannel.ts';

type Message = FromPage<typeof checklistProtocol>;

/** The checklist in its view, while VS Code keeps that; relays what the person does there to commands. */
export class ChecklistPanel {
  readonly #view: vscode.WebviewView;
  readonly #parts: OpenChecklistParts;
  readonly #channel: PageChannel<typeof checklistProtocol>;
  readonly #subscriptions: readonly vscode.Disposable[];
  #shown: BuiltPage;
  /** What the page was sent last, to send nothing twice. */
  #sent: string;
  /** Since when people wait for the page, by `performance.now()`. */
  #begun: number;

  constructor(view: vscode.WebviewView, parts: OpenChecklistParts) {
    const { store, checklist, words } = parts;
    this.#view = view;
    this.#parts = parts;
    this.#begun = parts.asked;
    this.#shown = parts.build();
    this.#sent = parts.given ? writePage(parts.given.page) : '';
    this.#channel = openPageChannel(view.webview, parts.loadReader, {
      onMessage: message => this.#take(message),
      onProblem: parts.log,
    });
    const update = () => void this.#send();
    checklist.setVisible(view.visible);
    checklist.keepOpen(view.visible);
    this.#subscriptions = [
      view.onDidChangeVisibility(() => {
        this.#begun = performance.now();
        checklist.setVisible(view.visible);
        checklist.keepOpen(view.visible);
        void this.#send(true);
      }),
      vscode.window.onDidChangeWindowState(({ focused }) => checklist.setVisible(focused && view.visible)),
      vscode.workspace.onDidGrantWorkspaceTrust(update),
      { dispose: store.onDidChange(update) },
      { dispose: checklist.onDidChange(update) },
      // After the page shows it.
      {
        dispose: followChecklistChanges(checklist, { t: words.t, say: sentence => this.#say(sentence) }),
      },
      { dispose: this.#channel.dispose },
    ];
    view.onDidDispose(() => this.#close());
  }

  /**
   * Sends what there is by now to a page that VS Code has just begun to load: VS Code keeps it until the page can take it,
   * which is sooner than a page can ask for it and be answered.
   */
  begin(): void {
    void this.#send();
  }

  #take(message: Message): void {
    switch (message.type) {
      case 'ready':
        void this.#send(true);
        return;
      case 'shown':
        this.#parts.log(
          `The checklist was shown ${Math.round(performance.now() - this.#begun)} ms after its view, ${Math.round(message.afterMs)} ms after its page.`,
        );
        return;
      case 'act':
        press(this.#shown, message.id);
        return;
      case 'tick':
        void this.#tick(message);
        return;
      case 'note':
        void this.#note(message);
        return;
    }
  }

  async #send(always = false): Promise<void> {
    this.#shown = this.#parts.build();
    const { page } = this.#shown;
    const text = writePage(page);
    // A hidden page is gone, and gets the whole when it comes back.
    if (this.#view.visible && (always || text !== this.#sent)) {
      this.#sent = text;
      await this.#channel.send({ type: 'show', page });
    }
  }

  #say(sentence: string): void {
    if (this.#view.visible) {
      void this.#channel.send({ type: 'say', sentence });
    }
  }

  async #tick(message: Extract<Message, { type: 'tick' }>): Promise<void> {
    try {
      await this.#run(message.ticked ? 'slipway.tickCheck' : 'slipway.untickCheck', message);
    } finally {
      await this.#channel.send({ type: 'answered', checkId: message.checkId });
    }
  }

  async #note(message: Extract<Message, { type: 'note' }>): Promise<void> {
    await this.#run('slipway.noteCheck', message);
    // The input box has taken the keyboard from the page, and leaves it with nobody.
    this.#view.show(false);
  }

  async #run(command: string, { checkId, digest }: { checkId: string; digest: string }): Promise<void> {
    const { subject } = this.#parts.checklist.state;
    await vscode.commands.executeCommand(command, { ...subject, checkId, digest });
    // Where the person left, or the daemon refused, the page still shows what they clicked.
    await this.#send(true);
  }

  #close(): void {
    this.#parts.checklist.setVisible(false);
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }
}

/** What a page is compared by. */
function writePage(page: ChecklistPage): string {
  return JSON.stringify(page);
}

/** Only what the extension itself has offered can be pressed. */
function press({ actions }: BuiltPage, id: string): void {
  const action = actions.get(id);
  if (action) {
    void vscode.commands.executeCommand(
      action.command,
      ...(action.argument === undefined ? [] : [action.argument]),
    );
  }
}
