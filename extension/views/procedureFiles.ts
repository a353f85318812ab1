import * as vscode from 'vscode';
import type { Result } from '../../daemon/protocol/messages.ts';
import type { Diagnostic } from '../../daemon/protocol/procedure.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import { listRepositories } from '../state/storeState.ts';
import type { Words } from '../words.ts';

type Check = Result<'procedure.check'>;

type Parts = {
  readonly store: ReleaseStore;
  readonly words: Words;
  readonly check: (text: string, signal: AbortSignal) => Promise<Check>;
};

/** How long the text must rest before it is checked, in milliseconds. */
const restMs = 200;
/** `untitled`: one that was just created and is not saved yet. */
const procedureSchemes: ReadonlySet<string> = new Set(['file', 'untitled']);
const selector: vscode.DocumentSelector = { scheme: 'file', pattern: '**/slipway.yaml' };

/** Shows what is to mend in slipway.yaml in Problems while it is written, and offers to promote beside environments. */
export function registerProcedureFiles(parts: Parts): vscode.Disposable {
  const files = new ProcedureFiles(parts);
  return vscode.Disposable.from(
    files,
    vscode.languages.registerCodeLensProvider(selector, files),
    vscode.workspace.onDidOpenTextDocument(document => files.schedule(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => files.schedule(document, restMs)),
    vscode.workspace.onDidCloseTextDocument(document => files.forget(document)),
  );
}

class ProcedureFiles implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #parts: Parts;
  readonly #problems = vscode.languages.createDiagnosticCollection('slipway');
  readonly #lensChanges = new vscode.EventEmitter<void>();
  readonly #checks = new Map<string, Check>();
  readonly #pending = new Map<
    string,
    { readonly timer: NodeJS.Timeout; readonly controller: AbortController }
  >();
  readonly #stop: () => void;
  readonly onDidChangeCodeLenses = this.#lensChanges.event;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#stop = parts.store.onDidChange(changed => {
      if (changed.has('daemon') && parts.store.state.daemon.state === 'connected') {
        this.#checkOpen();
      }
      if ([...changed].some(key => key === 'folders' || key.startsWith('repository/'))) {
        this.#showSaved();
        this.#lensChanges.fire();
      }
    });
    this.#checkOpen();
  }

  /** Checks a document once its text has rested; other documents are none of ours. */
  schedule(document: vscode.TextDocument, delayMs: number): void {
    if (!isProcedure(document)) {
      return;
    }
    const key = document.uri.toString();
    this.#cancel(key);
    const controller = new AbortController();
    const timer = setTimeout(() => void this.#check(document, controller.signal), delayMs);
    this.#pending.set(key, { timer, controller });
  }

  /** A closed file is shown as the daemon knows it on the disk. */
  forget(document: vscode.TextDocument): void {
    if (isProcedure(document)) {
      const key = document.uri.toString();
      this.#cancel(key);
      this.#checks.delete(key);
      this.#problems.delete(document.uri);
      this.#showSaved();
    }
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { store, words } = this.#parts;
    const repository = listRepositories(store.state).find(
      ({ folder }) => vscode.Uri.file(folder).fsPath === vscode.Uri.joinPath(document.uri, '..').fsPath,
    );
    const anchors = this.#checks.get(document.uri.toString())?.anchors ?? [];
    return anchors.map(({ kind, name, line }) => {
      const title =
        kind === 'environment'
          ? words.t('$(rocket) Promote to {0}...', name)
          : words.t('$(rocket) Promote Release...');
      const target = {
        ...(repository ? { repositoryId: repository.id } : {}),
        ...(kind === 'environment' ? { environment: name } : {}),
      };
      const range = new vscode.Range(line, 0, line, 0);
      return new vscode.CodeLens(range, { title, command: 'slipway.promoteRelease', arguments: [target] });
    });
  }

  dispose(): void {
    this.#stop();
    for (const key of [...this.#pending.keys()]) {
      this.#cancel(key);
    }
    this.#problems.dispose();
    this.#lensChanges.dispose();
  }

  #checkOpen(): void {
    for (const document of vscode.workspace.textDocuments) {
      this.schedule(document, 0);
    }
  }

  async #check(document: vscode.TextDocument, signal: AbortSignal): Promise<void> {
    if (this.#parts.store.state.daemon.state !== 'connected') {
      // Nobody can say what is wrong; the next connection checks again.
      return;
    }
    const key = document.uri.toString();
    try {
      const check = await this.#parts.check(document.getText(), signal);
      if (!signal.aborted && !document.isClosed) {
        this.#checks.set(key, check);
        this.#problems.set(document.uri, check.diagnostics.map(buildDiagnostic));
        this.#lensChanges.fire();
      }
    } catch {
      // The connection went away meanwhile.
    }
  }

  /** What the daemon found in files that are not open. */
  #showSaved(): void {
    const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
    for (const { folder, diagnostics } of listRepositories(this.#parts.store.state)) {
      const uri = vscode.Uri.joinPath(vscode.Uri.file(folder), 'slipway.yaml');
      if (!open.has(uri.toString())) {
        this.#problems.set(uri, diagnostics.map(buildDiagnostic));
      }
    }
  }

  #cancel(key: string): void {
    const pending = this.#pending.get(key);
    if (pending) {
      clearTimeout(pending.timer);
      pending.controller.abort();
      this.#pending.delete(key);
    }
  }
}

function isProcedure(document: vscode.TextDocument): boolean {
  return procedureSchemes.has(document.uri.scheme) && document.uri.path.endsWith('/slipway.yaml');
}

function buildDiagnostic(found: Diagnostic): vscode.Diagnostic {
  const range = new vscode.Range(found.startLine, found.startColumn, found.endLine, found.endColumn);
  const severity = {
    error: vscode.DiagnosticSeverity.Error,
    warning: vscode.DiagnosticSeverity.Warning,
    information: vscode.DiagnosticSeverity.Information,
  }[found.severity];
  const diagnostic = new vscode.Diagnostic(range, found.message, severity);
  diagnostic.source = 'Slipway';
  diagnostic.code = found.path;
  return diagnostic;
}
