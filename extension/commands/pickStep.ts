import * as vscode from 'vscode';

/** An item of a quick pick with the value it stands for. */
export type PickItem<T> = vscode.QuickPickItem & { readonly value: T };

/** One step of a multi-step quick pick. */
export type PickStep<T> = {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly PickItem<T>[];
  /** Finds more items than those that are listed at once, while the person types. */
  readonly search?: (text: string, signal: AbortSignal) => Promise<readonly PickItem<T>[]>;
  /** Where this step is; absent for a pick of one step. */
  readonly place?: { readonly step: number; readonly totalSteps: number };
};

/** What the person did: picked a value, went back, or left. */
export type PickAnswer<T> =
  | { readonly kind: 'picked'; readonly value: T }
  | { readonly kind: 'back' }
  | { readonly kind: 'left' };

/** Asks for one of the items; offers to go back after the first step. */
export function pickStep<T>(step: PickStep<T>): Promise<PickAnswer<T>> {
  const pick = vscode.window.createQuickPick<PickItem<T>>();
  pick.title = step.title;
  pick.placeholder = step.placeholder;
  pick.items = step.items;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  if (step.place) {
    pick.step = step.place.step;
    pick.totalSteps = step.place.totalSteps;
    if (step.place.step > 1) {
      pick.buttons = [vscode.QuickInputButtons.Back];
    }
  }
  const searching = step.search && searchWhileTyping(pick, step.items, step.search);
  return new Promise(resolve => {
    pick.onDidTriggerButton(() => {
      resolve({ kind: 'back' });
      pick.hide();
    });
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen) {
        resolve({ kind: 'picked', value: chosen.value });
        pick.hide();
      }
    });
    pick.onDidHide(() => {
      resolve({ kind: 'left' });
      searching?.dispose();
      pick.dispose();
    });
    pick.show();
  });
}

/** How long nothing is typed before it is searched for, in milliseconds. */
const typingMs = 150;

/** Replaces the items by what is found; only the newest search counts. */
function searchWhileTyping<T>(
  pick: vscode.QuickPick<PickItem<T>>,
  items: readonly PickItem<T>[],
  search: NonNullable<PickStep<T>['search']>,
): vscode.Disposable {
  let running = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const find = async (text: string, { signal }: AbortController) => {
    // What cannot be found is told by an empty list; the next letter tries again.
    const found = await search(text, signal).catch(() => []);
    if (!signal.aborted) {
      pick.busy = false;
      pick.items = found.map(item => ({ ...item, alwaysShow: true }));
    }
  };
  const typed = pick.onDidChangeValue(text => {
    running.abort();
    clearTimeout(timer);
    running = new AbortController();
    pick.busy = text.trim() !== '';
    if (pick.busy) {
      timer = setTimeout(() => void find(text, running), typingMs);
    } else {
      pick.items = items;
    }
  });
  return {
    dispose: () => {
      running.abort();
      clearTimeout(timer);
      typed.dispose();
    },
  };
}

/** Asks for one of the items in a pick of one step; undefined when the person left. */
export async function pickOne<T>(step: PickStep<T>): Promise<T | undefined> {
  const answer = await pickStep(step);
  return answer.kind === 'picked' ? answer.value : undefined;
}
