import * as vscode from 'vscode';
import { checklistProtocol } from '../../webview/protocol/checklistProtocol.ts';
import type { FromPage } from '../../webview/protocol/panelProtocol.ts';
import { followChecklistChanges } from './checklistChanges.ts';
import { type BuiltPage, buildChecklistPage } from './checklistPage.ts';
import type { ChecklistViewParts } from './checklistViewParts.ts';
import { openPageChannel, type PageChannel } from './openPageChannel.ts';

type Message = FromPage<typeof checklistProtocol>;

/** The checklist in its view, while VS Code keeps that; relays what the person does there to commands. */
export class ChecklistPanel {
  readonly #view: vscode.WebviewView;
  readonly #parts: ChecklistViewParts;
  readonly #channel: PageChannel<typeof checklistProtocol>;
  readonly #subscriptions: readonly vscode.Disposable[];
  #shown: BuiltPage;
  /** What the page was sent last, to send nothing twice. */
  #sent = '';
  /** Since when people wait for the page, by `performance.now()`. */
  #begun: number;

  constructor(view: vscode.WebviewView, parts: ChecklistViewParts, asked: number) {
    const { store, checklist, words } = parts;
    this.#view = view;
    this.#parts = parts;
    this.#begun = asked;
    this.#shown = build(parts);
    this.#channel = openPageChannel(view.webview, checklistProtocol, {
      onMessage: message => this.#take(message),
      onProblem: parts.log,
    });
    const update = () => void this.#send();
    checklist.setVisible(view.visible);
    this.#subscriptions = [
      view.onDidChangeVisibility(() => {
        this.#begun = performance.now();
        checklist.setVisible(view.visible);
        this.begin();
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
   * Sends what there is to a page that VS Code has just begun to load: VS Code keeps it until the page can take it, which
   * is sooner than a page can ask for it and be answered.
   */
  begin(): void {
    void this.#send(true);
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
    this.#shown = build(this.#parts);
    const message = { type: 'show', page: this.#shown.page } as const;
    const text = JSON.stringify(message);
    // A hidden page is gone, and gets the whole when it comes back.
    if (this.#view.visible && (always || text !== this.#sent)) {
      this.#sent = text;
      await this.#channel.send(message);
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

function build(parts: ChecklistViewParts): BuiltPage {
  return buildChecklistPage({
    checklist: parts.checklist.state,
    store: parts.store.state,
    isTrusted: vscode.workspace.isTrusted,
    words: parts.words,
    failureActions: parts.failureActions,
  });
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
