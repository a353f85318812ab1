import * as vscode from 'vscode';
import type { Words } from '../words.ts';
import { buildPageHtml } from './buildPageHtml.ts';
import { readPage } from './readPage.ts';

/** Has VS Code load the page of the Checklist view, which takes it a fifth of a second. */
export function loadChecklistPage(
  { webview }: vscode.WebviewView,
  { words, extensionPath }: { readonly words: Words; readonly extensionPath: string },
): void {
  webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [] };
  webview.html = buildPageHtml({
    language: vscode.env.language,
    title: words.t('Checklist'),
    place: 'sideBar',
    bundle: readPage(extensionPath, 'checklist'),
  });
}
