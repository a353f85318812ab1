import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { parseEntry } from './parseEntry.ts';

/**
 * Says the exact time of a row where the pointer rests on its short one. The title is that of the whole editor, which
 * stands still, since the editor takes back what somebody else changes about its rows.
 */
export function tellExactTimes(readRow: (line: number) => string | undefined): Extension {
  return EditorView.domEventHandlers({
    mousemove: (event, view) => {
      const row = findTimed(event, view);
      const entry = row === undefined ? undefined : readRow(row);
      const title = entry === undefined ? '' : parseEntry(entry).time;
      if (view.scrollDOM.title !== title) {
        view.scrollDOM.title = title;
      }
      return false;
    },
  });
}

/** The line of the document, counted from 0, whose time is under the pointer. */
function findTimed({ target, clientX, clientY }: MouseEvent, view: EditorView): number | undefined {
  const line = target instanceof HTMLElement ? target.closest<HTMLElement>('.cm-line[data-time]') : null;
  if (!line) {
    return undefined;
  }
  const place = line.getBoundingClientRect();
  const { paddingLeft, borderLeftWidth } = getComputedStyle(line);
  const from = place.left + Number.parseFloat(paddingLeft) + Number.parseFloat(borderLeftWidth);
  const width = (line.dataset['time'] ?? '').length * view.defaultCharacterWidth;
  const isOn = clientX >= from && clientX < from + width && clientY < place.top + view.defaultLineHeight;
  return isOn ? view.state.doc.lineAt(view.posAtDOM(line)).number - 1 : undefined;
}
