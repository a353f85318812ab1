import type { Timer } from '../state/throttle.ts';

/** What is needed of a tree's view; `vscode.TreeView` is one. */
export type SelectionView<T> = {
  readonly selection: readonly T[];
  onDidChangeSelection(listener: (event: { readonly selection: readonly T[] }) => unknown): {
    dispose(): unknown;
  };
};

/** How soon, in milliseconds, and how often it is asked after an empty selection: rows are known within some of these. */
const askMs = 100;
const mostAsks = 20;

/**
 * Tells each row that is selected. While VS Code replaces rows it does not know them, and tells a selection that comes then
 * as an empty one, once: so it is asked what is selected when it has been given rows again (`look`), and for a while, as it may know them later.
 */
export function followSelection<T>(
  view: SelectionView<T>,
  parts: { readonly tell: (row: T) => void; readonly timer: Pick<Timer, 'after'> },
): { readonly look: () => void; readonly dispose: () => void } {
  let told: T | undefined;
  const say = (row: T) => {
    told = row;
    parts.tell(row);
  };
  let stop = () => {};
  const look = () => {
    const [row] = view.selection;
    if (row !== undefined && row !== told) {
      say(row);
    }
    return row !== undefined;
  };
  const lookAgain = (asks: number) => {
    stop = parts.timer.after(askMs, () => {
      if (!look() && asks > 1) {
        lookAgain(asks - 1);
      }
    });
  };
  const selection = view.onDidChangeSelection(({ selection: [row] }) => {
    stop();
    if (row !== undefined) {
      say(row);
    } else {
      lookAgain(mostAsks);
    }
  });
  return {
    look: () => void look(),
    dispose: () => {
      stop();
      selection.dispose();
    },
  };
}
