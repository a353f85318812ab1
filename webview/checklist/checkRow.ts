import type { CheckItem } from '../protocol/checklistProtocol.ts';
import { buildElement, setText } from '../shared/buildElement.ts';
import type { Row } from '../shared/keyedList.ts';
import { buildButton } from './buildButton.ts';
import type { Send } from './send.ts';
import { buildStateSign } from './stateSign.ts';

type Checkbox = HTMLElement & { checked: boolean; readOnly: boolean };

/** A check's row. */
export type CheckRow = Row<CheckItem> & {
  /** Takes it that what came of the person's tick has been shown. */
  readonly takeAnswer: () => void;
};

/** Builds a check's row: a box to tick, who ticked it or who can, and a note. */
export function buildCheckRow(parts: {
  readonly send: Send;
  /** Tells a screen reader what came of a tick. */
  readonly say: (sentence: string) => void;
}): CheckRow {
  const { send, say } = parts;
  const box = buildElement('vscode-checkbox') as Checkbox;
  const sign = buildStateSign();
  const state = buildElement('span');
  const stateLine = buildElement('p', { class: 'state' });
  stateLine.append(sign.element, state);
  const lines = buildElement('div', { class: 'lines' });
  const note = buildElement('p', { class: 'note' });
  const button = buildButton(() => {
    if (item?.digest !== undefined) {
      send({ type: 'note', checkId: item.id, digest: item.digest });
    }
  });
  const about = buildElement('div', { class: 'about' }, stateLine, lines, note, button);
  const element = buildElement('li', { class: 'check' }, box, about);
  let item: CheckItem | undefined;
  let isAwaiting = false;
  const showBox = (next: CheckItem) => {
    box.readOnly = next.digest === undefined || next.busy || isAwaiting;
    // While the answer is awaited the box stays as the person left it: what comes meanwhile may have been sent before.
    if (!next.busy && !isAwaiting) {
      box.checked = next.state === 'pass';
    }
  };
  box.addEventListener('change', () => {
    // The toolkit also tells of what was set here: then the box is as the item says.
    if (item?.digest !== undefined && !isAwaiting && box.checked !== (item.state === 'pass')) {
      isAwaiting = true;
      showBox(item);
      send({ type: 'tick', checkId: item.id, digest: item.digest, ticked: box.checked });
    }
  });
  return {
    element,
    update: next => {
      const before = item;
      item = next;
      // The answer that is awaited is about something else than what is shown by now.
      isAwaiting &&= before?.digest === next.digest;
      const isOpen = next.digest !== undefined;
      setText(box, next.text);
      // The toolkit takes the first text for the name and keeps it.
      box.setAttribute('aria-label', next.text);
      showBox(next);
      element.setAttribute('aria-busy', String(next.busy));
      const described = [stateLine, lines, note];
      for (const [index, part] of described.entries()) {
        part.id = `about-${index} ${next.id}`.replaceAll(' ', '-');
      }
      box.setAttribute('aria-describedby', described.map(({ id }) => id).join(' '));
      sign.show(next.state);
      setText(state, next.stateText);
      showLines(lines, next.lines);
      note.hidden = next.note === undefined;
      setText(note, next.note ?? '');
      button.hidden = !isOpen;
      setText(button, next.noteAction);
      button.setAttribute('aria-label', `${next.noteAction} ${next.text}`);
      if (before?.busy === true && !next.busy) {
        say(`${next.text}: ${next.stateText}. ${next.lines[0] ?? ''}`);
      }
    },
    takeAnswer: () => {
      isAwaiting = false;
      if (item) {
        showBox(item);
      }
    },
  };
}

function showLines(element: HTMLElement, lines: readonly string[]): void {
  if (element.children.length !== lines.length) {
    element.replaceChildren(...lines.map(line => buildElement('p', {}, line)));
    return;
  }
  for (const [index, line] of lines.entries()) {
    const there = element.children[index];
    if (there instanceof HTMLElement) {
      setText(there, line);
    }
  }
}
