import * as vscode from 'vscode';
import { buildPageHtml } from './buildPageHtml.ts';
import { ChecklistPanel } from './checklistPanel.ts';
import type { ChecklistViewParts } from './checklistViewParts.ts';
import { readPage } from './readPage.ts';

/** Fills the empty Checklist view; it keeps itself up to date until VS Code takes the view away. */
export function openChecklistPanel(
  view: vscode.WebviewView,
  parts: ChecklistViewParts & {
    /** When the view was asked for, by `performance.now()`. */
    readonly asked: number;
  },
): void {
  // Before the page, which says at once that it is ready.
  new ChecklistPanel(view, parts, parts.asked);
  const { webview } = view;
  webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [] };
  webview.html = buildPageHtml({
    language: vscode.env.language,
    title: parts.words.t('Checklist'),
    place: 'sideBar',
    bundle: readPage(parts.extensionPath, 'checklist'),
  });
}
