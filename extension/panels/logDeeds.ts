import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LogView } from '../../daemon/protocol/log.ts';
import { removeEscapes } from '../../webview/protocol/escapeSequences.ts';
import type { LogDeed, LogExtract } from '../../webview/protocol/logMessages.ts';
import { buildLogTextPlace, type DocumentPlace } from '../state/documentPaths.ts';
import { readFailure } from '../state/readFailure.ts';
import type { LogPanelParts } from './logPanelParts.ts';

/** The most that a document gets of a log, in bytes: the end of it. A longer text would hold up the editor. */
const longestDocument = 10_000_000;

/** Saving a log of a million lines takes its time, in milliseconds. */
const saveMs = 10 * 60_000;

/** Does for the page of a log what only the window can: clipboard, files and documents. */
export class LogDeeds {
  readonly #parts: LogPanelParts;
  readonly #tell: (sentence: string) => void;

  constructor(parts: LogPanelParts, options: { readonly tell: (sentence: string) => void }) {
    this.#parts = parts;
    this.#tell = options.tell;
  }

  /** Does what the page asked for; what goes wrong is said in the page. */
  async do(deed: LogDeed, log: LogView | undefined): Promise<void> {
    try {
      if (log) {
        await this.#do(deed, log);
      }
    } catch (error) {
      const { message, next } = readFailure(error);
      this.#tell(next === undefined ? message : `${message} ${next}`);
    }
  }

  async #do(deed: LogDeed, log: LogView): Promise<void> {
    const { t } = this.#parts.words;
    switch (deed.type) {
      case 'copy':
        await vscode.env.clipboard.writeText(deed.text);
        this.#tell(deed.lines === 1 ? t('Copied 1 line.') : t('Copied {0} lines.', deed.lines));
        break;
      case 'save':
        await this.#save(deed.extract, log);
        break;
      case 'openDocument':
        await this.#openDocument(deed.extract, log);
        break;
      case 'showLine': {
        const { sequence } = deed;
        const { text } = await this.#parts.daemon.request('log.readLine', { logId: log.logId, sequence });
        await this.#show(
          buildLogTextPlace(t('Line {0} of {1}', sequence + 1, describe(log))),
          removeEscapes(text),
        );
        break;
      }
    }
  }

  async #save(extract: LogExtract, log: LogView): Promise<void> {
    const { t } = this.#parts.words;
    if (!(await this.#parts.confirmSave(log))) {
      return;
    }
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const name = `${describe(log)}.log`;
    const uri = await vscode.window.showSaveDialog({
      title: t('Save the Log of {0}', describe(log)),
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder.uri, name) } : {}),
    });
    if (uri) {
      const { lines } = await this.#write(extract, log, uri.fsPath);
      this.#tell(t('Saved {0} lines to {1}.', lines, uri.fsPath));
    }
  }

  async #openDocument(extract: LogExtract, log: LogView): Promise<void> {
    const { t, exactTime } = this.#parts.words;
    this.#tell(t('Opening the document.'));
    const folder = await mkdtemp(join(tmpdir(), 'slipway-log-'));
    try {
      const path = join(folder, 'log');
      const { bytes } = await this.#write(extract, log, path);
      const text = removeEscapes(await readEnd(path, bytes));
      const note =
        bytes > longestDocument
          ? `--- ${t('This is the end of the log, {0} of {1} MB. Save the log to have all of it.', toMegabytes(longestDocument), toMegabytes(bytes))} ---\n`
          : '';
      const title = `${describe(log)}, ${exactTime(new Date().toISOString())}`;
      await this.#show(buildLogTextPlace(title), note + text);
      this.#tell('');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #write(
    extract: LogExtract,
    { logId }: LogView,
    path: string,
  ): Promise<{ readonly lines: number; readonly bytes: number }> {
    return this.#parts.daemon.request('log.save', { logId, path, ...extract }, { timeoutMs: saveMs });
  }

  async #show(place: DocumentPlace, text: string): Promise<void> {
    const { texts } = this.#parts;
    texts.write(place.path, text);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from(place));
    await vscode.window.showTextDocument(document, { preview: false });
    const closing = vscode.workspace.onDidCloseTextDocument(closed => {
      if (closed.uri.toString() === document.uri.toString()) {
        texts.forget(place.path);
        closing.dispose();
      }
    });
  }
}

/** `agent-name in staging`. */
function describe({ workload, environment }: LogView): string {
  return `${workload.slice(workload.indexOf('/') + 1)}-${environment}`;
}

/** The end of a file, from the beginning of a line. */
async function readEnd(path: string, bytes: number): Promise<string> {
  const file = await open(path);
  try {
    const from = Math.max(0, bytes - longestDocument);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes - from), 0, bytes - from, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await file.close();
  }
}

function toMegabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
