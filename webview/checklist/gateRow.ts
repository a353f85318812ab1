import type { GateItem } from '../protocol/checklistProtocol.ts';
import { buildElement, setText } from '../shared/buildElement.ts';
import type { Row } from '../shared/keyedList.ts';
import { buildButton } from './buildButton.ts';
import type { Send } from './send.ts';
import { buildStateSign } from './stateSign.ts';

/** Builds a gate's row: state, reason, who can clear it, since when, what enforces it, and what to press. */
export function buildGateRow(send: Send): Row<GateItem> {
  const sign = buildStateSign();
  const title = buildElement('span', { class: 'title' });
  const state = buildElement('span', { class: 'state' });
  const reason = buildElement('p');
  const next = buildElement('p');
  const facts = buildElement('p', { class: 'quiet' });
  const head = buildElement('h3', { class: 'head' });
  head.append(sign.element, title, state);
  const element = buildElement('li', { class: 'gate' }, head, reason, next, facts);
  let action: GateItem['action'];
  let button: HTMLElement | undefined;
  const appendButton = () => {
    const built = buildButton(() => {
      if (action) {
        send({ type: 'act', id: action.id });
      }
    });
    element.append(built);
    return built;
  };
  return {
    element,
    update: gate => {
      sign.show(gate.state);
      setText(title, gate.title);
      setText(state, gate.stateText);
      // Without the comma a screen reader runs title and state together.
      head.setAttribute('aria-label', `${gate.title}, ${gate.stateText}`);
      setText(reason, gate.reason);
      next.hidden = gate.next === undefined;
      setText(next, gate.next ?? '');
      setText(facts, gate.facts.join(' \u00b7 '));
      action = gate.action;
      button ??= action && appendButton();
      if (button) {
        button.hidden = action === undefined;
        setText(button, action?.title ?? '');
      }
    },
  };
}
