import * as vscode from 'vscode';

/** An item of a quick pick with the value it stands for. */
export type PickItem<T> = vscode.QuickPickItem & { readonly value: T };

/** One step of a multi-step quick pick. */
export type PickStep<T> = {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly PickItem<T>[];
  readonly search?: PickSearch<T>;
  /** Where this step is; absent for a pick of one step. */
  readonly place?: { readonly step: number; readonly totalSteps: number };
};

/** Finds more items than those that are listed at once, while the person types. */
export type PickSearch<T> = {
  readonly find: (text: string, signal: AbortSignal) => Promise<readonly PickItem<T>[]>;
  /** What is told where the search failed, and that Enter searches again. */
  readonly buildFailed: (error: unknown) => vscode.QuickPickItem;
};

/** In the place of what could not be found; to choose it searches again. */
type FailedItem = vscode.QuickPickItem & { readonly searchAgain: () => void };

type ListedItem<T> = PickItem<T> | FailedItem;

/** What the person did: picked a value, went back, or left. */
export type PickAnswer<T> =
  | { readonly kind: 'picked'; readonly value: T }
  | { readonly kind: 'back' }
  | { readonly kind: 'left' };

/** Asks for one of the items; offers to go back after the first step. */
export function pickStep<T>(step: PickStep<T>): Promise<PickAnswer<T>> {
  const pick = vscode.window.createQuickPick<ListedItem<T>>();
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
      if (chosen && 'searchAgain' in chosen) {
        chosen.searchAgain();
      } else if (chosen) {
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
  pick: vscode.QuickPick<ListedItem<T>>,
  items: readonly PickItem<T>[],
  { find, buildFailed }: PickSearch<T>,
): vscode.Disposable {
  let running = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const search = async (text: string, { signal }: AbortController) => {
    const listed = await find(text, signal).catch((error: unknown): readonly ListedItem<T>[] => [
      { ...buildFailed(error), searchAgain: () => begin(text, 0) },
    ]);
    if (!signal.aborted) {
      pick.busy = false;
      pick.items = listed.map(item => ({ ...item, alwaysShow: true }));
    }
  };
  const begin = (text: string, afterMs: number) => {
    running.abort();
    clearTimeout(timer);
    running = new AbortController();
    pick.busy = text.trim() !== '';
    if (pick.busy) {
      timer = setTimeout(() => void search(text, running), afterMs);
    } else {
      pick.items = items;
    }
  };
  const typed = pick.onDidChangeValue(text => begin(text, typingMs));
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
