import type { ItemTarget } from '../state/itemTarget.ts';

/** The theme colours that carry meaning; nothing else is coloured. */
export type ItemColor =
  | 'testing.iconPassed'
  | 'testing.iconFailed'
  | 'list.warningForeground'
  | 'disabledForeground';

/** A codicon and its colour. */
export type ItemIcon = { readonly id: string; readonly color?: ItemColor };

/** A row of a tree: what it shows and what is below it, as a plain value. */
export type ViewItem = {
  /** Stable while the thing it stands for is there; unique in its tree. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon?: ItemIcon;
  /** Words for `viewItem =~` in package.json, separated by semicolons. */
  readonly context: string;
  /** What a screen reader says; it need not repeat the icon's meaning where the words carry it. */
  readonly accessibilityLabel: string;
  /** Absent where nothing is below. */
  readonly open?: 'collapsed' | 'expanded';
  /** What a click does. */
  readonly click?: string;
  readonly target: ItemTarget;
  readonly children: readonly ViewItem[];
  /** What must be asked for when the row is opened. */
  readonly load?: { readonly repositoryId: string; readonly version: string };
};

/** What a caller must say of an item; the rest has sensible values. */
type ItemValues = Pick<ViewItem, 'id' | 'label'> & Partial<Omit<ViewItem, 'id' | 'label'>>;

/**
 * Builds an item: the screen reader and the tooltip say label and description unless told, and it opens when something
 * is below.
 */
export function buildItem(values: ItemValues): ViewItem {
  const { label, description, children = [] } = values;
  const texts = [label, description].filter(Boolean);
  return {
    context: '',
    target: {},
    // A narrow view cuts the description off.
    ...(texts.length > 1 ? { tooltip: texts.join(': ') } : {}),
    ...(children.length > 0 ? { open: 'collapsed' } : {}),
    ...values,
    // The points between the parts of a description are for the eye: some screen readers name each.
    accessibilityLabel: (values.accessibilityLabel ?? texts.join(', ')).replaceAll(' \u00b7 ', ', '),
    children,
  };
}
