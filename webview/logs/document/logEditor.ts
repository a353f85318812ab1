import { defaultKeymap } from '@codemirror/commands';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
} from '@codemirror/view';
import { decorateRows, type RowLooks } from './decorateRows.ts';
import type { LiveLooks } from './liveRows.ts';
import { tellExactTimes } from './tellExactTimes.ts';

/** What the editor of a log needs of the page. */
export type LogEditorParts = {
  readonly label: string;
  readonly nonce: string;
  readonly readLooks: () => Omit<RowLooks, 'readRow'> & LiveLooks;
  readonly onUpdate: (update: { readonly selected: boolean; readonly moved: boolean }) => void;
};

/** Builds what makes an editor one of a log: nobody can write in it, and its rows look as what they are. */
export function buildLogExtensions(
  { label, nonce, readLooks, onUpdate }: LogEditorParts,
  { wrap, readRow }: { readonly wrap: boolean; readonly readRow: RowLooks['readRow'] },
): Extension {
  return [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({
      role: 'log',
      // A busy log would never let anybody finish a word.
      'aria-live': 'off',
      'aria-label': label,
      tabindex: '0',
    }),
    EditorView.cspNonce.of(nonce),
    wrap ? EditorView.lineWrapping : [],
    drawSelection(),
    highlightActiveLine(),
    highlightSpecialChars(),
    keymap.of(defaultKeymap),
    decorateRows(() => ({ ...readLooks(), readRow })),
    tellExactTimes(readRow),
    EditorView.updateListener.of(
      ({ selectionSet, transactions, geometryChanged, viewportChanged, state }) => {
        const byPerson = transactions.some(transaction => transaction.isUserEvent('select'));
        onUpdate({
          selected: selectionSet && byPerson && !state.selection.main.empty,
          moved: geometryChanged || viewportChanged,
        });
      },
    ),
  ];
}
