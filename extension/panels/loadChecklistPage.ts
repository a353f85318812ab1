import * as vscode from 'vscode';
import type { GivenPage } from '../../webview/protocol/checklistProtocol.ts';
import type { Words } from '../words.ts';
import { buildPageHtml } from './buildPageHtml.ts';
import { readPage } from './readPage.ts';

/** Has VS Code load the page of the Checklist view, which takes it a fifth of a second. */
export function loadChecklistPage(
  { webview }: vscode.WebviewView,
  parts: {
    readonly words: Words;
    readonly extensionPath: string;
    /** What it can show at once. */
    readonly given: GivenPage | undefined;
  },
): void {
  const { words, extensionPath, given } = parts;
  webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [] };
  webview.html = buildPageHtml({
    language: vscode.env.language,
    title: words.t('Checklist'),
    place: 'sideBar',
    bundle: readPage(extensionPath, 'checklist'),
    given,
  });
}
