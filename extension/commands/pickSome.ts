import * as vscode from 'vscode';
import type { PickAnswer, PickItem, PickStep } from './pickStep.ts';

/** A step of a quick pick where several items can be ticked. */
export type PickSomeStep = PickStep<string> & {
  /** The values that are ticked at first. */
  readonly ticked: readonly string[];
  /** Makes an item of what a person typed; undefined where that is no value. Without it only the items can be ticked. */
  readonly buildTyped?: (text: string) => PickItem<string> | undefined;
};

/** Asks for some of the items, at least one; what is typed can be ticked, too. Offers to go back after the first step. */
export function pickSome(step: PickSomeStep): Promise<PickAnswer<readonly string[]>> {
  const pick = vscode.window.createQuickPick<PickItem<string>>();
  pick.title = step.title;
  pick.placeholder = step.placeholder;
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.items = step.items;
  pick.selectedItems = step.items.filter(({ value }) => step.ticked.includes(value));
  if (step.place) {
    pick.step = step.place.step;
    pick.totalSteps = step.place.totalSteps;
    pick.buttons = step.place.step > 1 ? [vscode.QuickInputButtons.Back] : [];
  }
  return new Promise(resolve => {
    pick.onDidChangeValue(text => offerTyped(pick, step, text));
    pick.onDidTriggerButton(() => {
      resolve({ kind: 'back' });
      pick.hide();
    });
    pick.onDidAccept(() => {
      if (pick.selectedItems.length > 0) {
        resolve({ kind: 'picked', value: pick.selectedItems.map(({ value }) => value) });
        pick.hide();
      }
    });
    pick.onDidHide(() => {
      resolve({ kind: 'left' });
      pick.dispose();
    });
    pick.show();
  });
}

/** Keeps what is ticked, and offers what is typed as an item of its own. */
function offerTyped(pick: vscode.QuickPick<PickItem<string>>, step: PickSomeStep, text: string): void {
  const typed = step.buildTyped?.(text.trim());
  const selected = pick.selectedItems;
  const kept = selected.filter(({ value }) => !step.items.some(item => item.value === value));
  const known = [...step.items, ...kept];
  const isNew = typed && !known.some(({ value }) => value === typed.value);
  pick.items = isNew ? [typed, ...known] : known;
  pick.selectedItems = selected;
}
