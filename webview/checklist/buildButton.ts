import { buildElement } from '../shared/buildElement.ts';

/**
 * A button of the browser's own, drawn like the toolkit's. A page has one for each check and gate, and one of the toolkit's
 * is a millisecond of the time before it is on the screen.
 */
export function buildButton(onPress: () => void): HTMLButtonElement {
  const button = buildElement('button', { type: 'button', class: 'button' });
  button.addEventListener('click', onPress);
  return button;
}
