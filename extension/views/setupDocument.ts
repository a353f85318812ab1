import * as vscode from 'vscode';
import { documentSchemes } from '../state/documentPaths.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import type { Translate, Words } from '../words.ts';
import { buildSetupText, type SetupSection } from './setupText.ts';

/** Shows the setup as a document, with commands beside its headings and links on its files. */
export function registerSetupDocument(parts: {
  readonly store: ReleaseStore;
  readonly words: Words;
}): vscode.Disposable {
  const { store, words } = parts;
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const scheme = documentSchemes.setup;
  const stop = store.onDidChange(changed => {
    if (changed.has('setup') || changed.has('daemon') || changed.has('tools')) {
      for (const { uri } of vscode.workspace.textDocuments.filter(
        document => document.uri.scheme === scheme,
      )) {
        changes.fire(uri);
      }
    }
  });
  const read = () => buildSetupText(store.state, words);
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changes.event,
      provideTextDocumentContent: () => read().text,
    }),
    vscode.languages.registerCodeLensProvider(
      { scheme },
      {
        onDidChangeCodeLenses: mapEvent(changes),
        provideCodeLenses: () =>
          [...read().lines].flatMap(([section, line]) =>
            buildCommands(section, words.t).map(
              command => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command),
            ),
          ),
      },
    ),
    vscode.languages.registerDocumentLinkProvider(
      { scheme },
      { provideDocumentLinks: document => findFiles(document, read().files) },
    ),
    changes,
    { dispose: stop },
  );
}

/** What can be done about a section. */
function buildCommands(section: SetupSection, t: Translate): readonly vscode.Command[] {
  const settings = (title: string, setting: string) => ({
    title,
    command: 'slipway.openSettings',
    arguments: [{ setting }],
  });
  const again = { title: t('Look Again'), command: 'slipway.showSetup' };
  const commands: Partial<Record<SetupSection, readonly vscode.Command[]>> = {
    daemon: [
      { title: t('Show Log'), command: 'slipway.showLog' },
      { title: t('Restart Daemon'), command: 'slipway.restartDaemon' },
    ],
    tools: [settings(t('Name Other Paths'), 'slipway.tools'), again],
    path: [{ title: t('Read It Anew: Restart Daemon'), command: 'slipway.restartDaemon' }],
    kubeconfigs: [settings(t('Name Other Files'), 'slipway.kubeconfig'), again],
    store: [{ title: t('Verify Journal'), command: 'slipway.verifyJournal' }],
  };
  return commands[section] ?? [];
}

function findFiles(document: vscode.TextDocument, files: readonly string[]): vscode.DocumentLink[] {
  const text = document.getText();
  return files.flatMap(file => {
    const at = text.indexOf(file);
    return at < 0
      ? []
      : [
          new vscode.DocumentLink(
            new vscode.Range(document.positionAt(at), document.positionAt(at + file.length)),
            vscode.Uri.file(file),
          ),
        ];
  });
}

function mapEvent(changes: vscode.EventEmitter<vscode.Uri>): vscode.Event<void> {
  return listener => changes.event(() => listener());
}
