import { buildElement } from '../../shared/buildElement.ts';

/** A button of the toolkit. */
export function buildButton(
  label: string,
  onPress: () => void,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElement {
  const button = buildElement('vscode-button', { appearance: 'secondary', ...attributes }, label);
  button.addEventListener('click', onPress);
  return button;
}

/** A button that is pressed or not: `.*` with a name of its own. The toolkit's does not say whether it is. */
export function buildToggle(
  options: { readonly sign: string; readonly label: string; readonly pressed: boolean },
  onChange: (pressed: boolean) => void,
): HTMLElement {
  const { sign, label, pressed } = options;
  const button = buildElement(
    'button',
    {
      type: 'button',
      class: 'toggle',
      'aria-label': label,
      title: label,
      'aria-pressed': String(pressed),
    },
    sign,
  );
  button.addEventListener('click', () => {
    const now = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(now));
    onChange(now);
  });
  return button;
}

/** A checkbox of the toolkit. */
export function buildCheckbox(
  label: string,
  checked: boolean,
  onChange: (checked: boolean) => void,
): HTMLElement {
  const box = buildElement('vscode-checkbox', { checked }, label) as HTMLElement & { checked: boolean };
  box.addEventListener('change', () => onChange(box.checked));
  return box;
}

/** A choice of the browser's own, with its label. */
export function buildSelect<T extends string>(
  options: {
    readonly label: string;
    readonly items: readonly { readonly value: T; readonly text: string }[];
    readonly chosen: T;
  },
  onChange: (value: T) => void,
): HTMLElement {
  const select = buildElement(
    'select',
    {},
    ...options.items.map(({ value, text }) =>
      buildElement('option', { value, selected: value === options.chosen }, text),
    ),
  );
  select.addEventListener('change', () => onChange(select.value as T));
  return buildElement('label', { class: 'field' }, buildElement('span', {}, options.label), select);
}

/** A button that shows and hides a box below the bar. The toolkit's does not say whether it is open. */
export function buildOpener(
  options: { readonly label: string; readonly box: HTMLElement; readonly open: boolean },
  onChange: (open: boolean) => void,
): HTMLElement {
  const { label, box, open } = options;
  const button = buildElement(
    'button',
    { type: 'button', class: 'opener', 'aria-expanded': String(open) },
    label,
  );
  button.addEventListener('click', () => {
    box.hidden = !box.hidden;
    button.setAttribute('aria-expanded', String(!box.hidden));
    onChange(!box.hidden);
  });
  box.hidden = !open;
  return button;
}
