/** A part of a page that stays the same element while what it shows changes, so that the focus stays where it is. */
export type Row<T> = { readonly element: HTMLElement; readonly update: (item: T) => void };

/** The rows of a list. */
export type KeyedList<T, R extends Row<T>> = {
  /** Shows these items and no others: a row is made once for each id, moved only where it must be. */
  readonly show: (items: readonly T[]) => void;
  /** The row of an item that is shown. */
  readonly find: (id: string) => R | undefined;
};

/** Builds what keeps a list's rows equal to items. */
export function buildKeyedList<T extends { readonly id: string }, R extends Row<T>>(
  list: HTMLElement,
  buildRow: (item: T) => R,
): KeyedList<T, R> {
  const rows = new Map<string, R>();
  return {
    find: id => rows.get(id),
    show: items => {
      const ids = new Set(items.map(({ id }) => id));
      for (const [id, { element }] of rows) {
        if (!ids.has(id)) {
          element.remove();
          rows.delete(id);
        }
      }
      for (const [index, item] of items.entries()) {
        const row = rows.get(item.id) ?? buildRow(item);
        rows.set(item.id, row);
        row.update(item);
        const there = list.children[index] ?? null;
        if (there !== row.element) {
          list.insertBefore(row.element, there);
        }
      }
    },
  };
}
