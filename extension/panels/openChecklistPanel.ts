import type * as vscode from 'vscode';
import { ChecklistPanel } from './checklistPanel.ts';
import type { ChecklistViewParts } from './checklistViewParts.ts';

/** Fills the Checklist view, whose page is on its way; it keeps itself up to date until VS Code takes the view away. */
export function openChecklistPanel(
  view: vscode.WebviewView,
  parts: ChecklistViewParts & {
    /** When the view was asked for, by `performance.now()`. */
    readonly asked: number;
  },
): void {
  new ChecklistPanel(view, parts, parts.asked).begin();
}
