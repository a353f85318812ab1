import type { EditorView } from '@codemirror/view';

/** So often the end is gone to within a frame; mostly the second time finds it where it was. */
const mostMoves = 3;

/**
 * Scrolls to the end of what is held and measures what is there, until the end does not move any more, since heights are
 * known only after a change; false where it still does.
 */
export function scrollToEnd(view: EditorView): boolean {
  const { scrollDOM } = view;
  for (let move = 0; move < mostMoves; move += 1) {
    const before = scrollDOM.scrollTop;
    scrollDOM.scrollTop = scrollDOM.scrollHeight;
    // To be asked for a height makes the editor measure at once: left to itself it does so with the next frame, changes
    // the rows above and below the screen there, and all is laid out and drawn twice.
    view.elementAtHeight(0);
    if (scrollDOM.scrollTop === before) {
      return true;
    }
  }
  return false;
}
