import { WidgetType } from '@codemirror/view';
import { buildElement } from '../../shared/buildElement.ts';

/** What stands before a row's text. */
export type RowPrefix = {
  /** As people read it; empty where times are off or there is none. */
  readonly time: string;
  /** `Gap` or `Notice`; empty for lines. */
  readonly mark: string;
  readonly tag: string;
  readonly tagTitle: string;
  /** Which of the pods' colours; -1 for none. */
  readonly color: number;
};

/** What a row is and its pod, each with the space after it. */
export function buildPrefixParts({ mark, tag, tagTitle, color }: RowPrefix): readonly (Node | string)[] {
  return [
    ...(mark === '' ? [] : [buildElement('span', { class: 'row-mark' }, mark), ' ']),
    ...(tag === ''
      ? []
      : [buildElement('span', { class: `row-tag pod-${color}`, title: tagTitle }, tag), ' ']),
  ];
}

/** What a row is and its pod, before its text: seen and read, but no part of the text that is searched and copied. */
export class PrefixWidget extends WidgetType {
  readonly #prefix: RowPrefix;

  constructor(prefix: RowPrefix) {
    super();
    this.#prefix = prefix;
  }

  override eq(other: PrefixWidget): boolean {
    const mine = this.#prefix;
    const others = other.#prefix;
    return (
      mine.tag === others.tag &&
      mine.tagTitle === others.tagTitle &&
      mine.color === others.color &&
      mine.mark === others.mark
    );
  }

  override toDOM(): HTMLElement {
    return buildElement('span', { class: 'row-prefix' }, ...buildPrefixParts(this.#prefix));
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

/** The button at the end of a line that was cut short. */
export class WholeLineWidget extends WidgetType {
  readonly #sequence: number;
  readonly #label: string;
  readonly #onPress: () => void;

  constructor(sequence: number, { label, show }: { readonly label: string; readonly show: () => void }) {
    super();
    this.#sequence = sequence;
    this.#label = label;
    this.#onPress = show;
  }

  /** Two lines of one length have the same words on their buttons, and each button shows its own line. */
  override eq(other: WholeLineWidget): boolean {
    return this.#sequence === other.#sequence && this.#label === other.#label;
  }

  override toDOM(): HTMLElement {
    const button = buildElement('button', { type: 'button', class: 'whole-line' }, this.#label);
    button.addEventListener('click', this.#onPress);
    return button;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}
