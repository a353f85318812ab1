/** An attribute's value: true sets it without one, false and undefined leave it out. */
type AttributeValue = string | number | boolean | undefined;

/** Builds an element with attributes and children; texts are texts, never HTML. */
export function buildElement<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes?: Readonly<Record<string, AttributeValue>>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K];
export function buildElement(
  tag: string,
  attributes?: Readonly<Record<string, AttributeValue>>,
  ...children: readonly (Node | string)[]
): HTMLElement;
export function buildElement(
  tag: string,
  attributes: Readonly<Record<string, AttributeValue>> = {},
  ...children: readonly (Node | string)[]
): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children);
  return element;
}

/** Sets an element's text where it differs, so that a screen reader is not told again. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
