import type { EditorView } from '@codemirror/view';

/** What is on the screen, by places. */
export type Screen = {
  readonly top: number;
  readonly bottom: number;
  /** The last row that is held can be seen. */
  readonly atBottom: boolean;
};

/** What an editor whose first row has the place `start` has on the screen; a row counts that is seen by half. */
export function readScreen(view: EditorView, start: number): Screen {
  const { scrollTop, clientHeight } = view.scrollDOM;
  const half = view.defaultLineHeight / 2;
  const placeAt = (height: number) => {
    const block = view.lineBlockAtHeight(height - view.documentPadding.top);
    return start + view.state.doc.lineAt(block.from).number - 1;
  };
  return {
    top: placeAt(scrollTop + half),
    bottom: placeAt(scrollTop + clientHeight - half),
    atBottom: isAtBottom(view),
  };
}

/** Half a row and less is left below the screen. */
export function isAtBottom(view: EditorView): boolean {
  const { scrollTop, scrollHeight, clientHeight } = view.scrollDOM;
  return scrollTop + clientHeight >= scrollHeight - view.defaultLineHeight / 2;
}
