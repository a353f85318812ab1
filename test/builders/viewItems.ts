import assert from 'node:assert/strict';
import type { ViewItem } from '../../extension/views/viewItem.ts';

/** Every item, outermost first. */
export function flattenItems(items: readonly ViewItem[]): readonly ViewItem[] {
  return items.flatMap(item => [item, ...flattenItems(item.children)]);
}

/** The first item with a label, wherever it is; fails with the labels there are when there is none. */
export function findItem(items: readonly ViewItem[], label: string): ViewItem {
  const all = flattenItems(items);
  const found = all.find(item => item.label === label);
  assert.ok(found, `no item "${label}" among ${all.map(item => item.label)}`);
  return found;
}
