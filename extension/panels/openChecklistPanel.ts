import * as vscode from 'vscode';
import { checklistProtocol } from '../../webview/protocol/checklistProtocol.ts';
import type { FromPage } from '../../webview/protocol/panelProtocol.ts';
import { buildPageHtml } from './buildPageHtml.ts';
import { followChecklistChanges } from './checklistChanges.ts';
import { type BuiltPage, buildChecklistPage } from './checklistPage.ts';
import type { ChecklistViewParts } from './checklistViewParts.ts';
import { openPageChannel } from './openPageChannel.ts';

type Message = FromPage<typeof checklistProtocol>;

/** Shows the checklist in its view, and relays what the person does there to commands. */
export function openChecklistPanel(
  view: vscode.WebviewView,
  parts: ChecklistViewParts & {
    /** When the view was asked for, by `performance.now()`. */
    readonly asked: number;
  },
): void {
  const { store, checklist, words, log } = parts;
  const { webview } = view;
  let begun = parts.asked;
  let shown: BuiltPage = build(parts);
  let sent = '';
  const send = async (always = false) => {
    shown = build(parts);
    const message = { type: 'show', page: shown.page } as const;
    const text = JSON.stringify(message);
    // A hidden page is gone, and gets the whole when it comes back.
    if (view.visible && (always || text !== sent)) {
      sent = text;
      await channel.send(message);
    }
  };
  const act = (message: Message) => {
    switch (message.type) {
      case 'ready':
        void send(true);
        return;
      case 'shown':
        log(
          `The checklist was shown ${Math.round(performance.now() - begun)} ms after its view, ${Math.round(message.afterMs)} ms after its page.`,
        );
        return;
      case 'act':
        press(shown, message.id);
        return;
      case 'tick':
        void tick(message);
        return;
      case 'note':
        void note(message);
        return;
    }
  };
  const run = async (command: string, { checkId, digest }: { checkId: string; digest: string }) => {
    await vscode.commands.executeCommand(command, { ...checklist.state.subject, checkId, digest });
    // Where the person left, or the daemon refused, the page still shows what they clicked.
    await send(true);
  };
  const tick = async (message: Extract<Message, { type: 'tick' }>) => {
    try {
      await run(message.ticked ? 'slipway.tickCheck' : 'slipway.untickCheck', message);
    } finally {
      await channel.send({ type: 'answered', checkId: message.checkId });
    }
  };
  const note = async (message: Extract<Message, { type: 'note' }>) => {
    await run('slipway.noteCheck', message);
    // The input box has taken the keyboard from the page, and leaves it with nobody.
    view.show(false);
  };
  const channel = openPageChannel(webview, checklistProtocol, { onMessage: act, onProblem: log });
  const folder = vscode.Uri.joinPath(parts.extensionUri, 'dist', 'webview');
  const addressOf = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [folder] };
  webview.html = buildPageHtml({
    language: vscode.env.language,
    title: words.t('Checklist'),
    place: 'sideBar',
    cspSource: webview.cspSource,
    script: addressOf('checklist.js'),
    style: addressOf('checklist.css'),
  });
  const update = () => void send();
  const say = (sentence: string) => {
    if (view.visible) {
      void channel.send({ type: 'say', sentence });
    }
  };
  checklist.setVisible(view.visible);
  const subscriptions = [
    view.onDidChangeVisibility(() => {
      begun = performance.now();
      checklist.setVisible(view.visible);
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => checklist.setVisible(focused && view.visible)),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
    { dispose: store.onDidChange(update) },
    { dispose: checklist.onDidChange(update) },
    // After the page shows it.
    { dispose: followChecklistChanges(checklist, { t: words.t, say }) },
    { dispose: channel.dispose },
  ];
  view.onDidDispose(() => {
    checklist.setVisible(false);
    for (const subscription of subscriptions) {
      subscription.dispose();
    }
  });
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
