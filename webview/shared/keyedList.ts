/** A part of a page that stays the same element while what it shows changes, so that the focus stays where it is. */
export type Row<T> = { readonly element: HTMLElement; readonly update: (item: T) => void };

/** Builds what keeps a list's rows equal to items: a row is made once for each id, moved only where it must be. */
export function buildKeyedList<T extends { readonly id: string }>(
  list: HTMLElement,
  buildRow: (item: T) => Row<T>,
): (items: readonly T[]) => void {
  const rows = new Map<string, Row<T>>();
  return items => {
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
  };
}
