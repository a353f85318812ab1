import type { ViewItem } from './viewItem.ts';

/**
 * Names the items that have to be shown anew so that the tree becomes `after`: as few as possible, none below
 * another. `root` means the whole tree.
 */
export function diffItemTrees(
  before: readonly ViewItem[],
  after: readonly ViewItem[],
): 'root' | readonly string[] {
  if (!haveSameIds(before, after)) {
    return 'root';
  }
  return after.flatMap((item, index) => diffItem(before[index], item));
}

function diffItem(before: ViewItem | undefined, after: ViewItem): readonly string[] {
  if (!before || !looksSame(before, after) || !haveSameIds(before.children, after.children)) {
    return [after.id];
  }
  return after.children.flatMap((child, index) => diffItem(before.children[index], child));
}

function haveSameIds(before: readonly ViewItem[], after: readonly ViewItem[]): boolean {
  return before.length === after.length && before.every((item, index) => item.id === after[index]?.id);
}

function looksSame(a: ViewItem, b: ViewItem): boolean {
  return (
    a.label === b.label &&
    a.description === b.description &&
    a.tooltip === b.tooltip &&
    a.icon?.id === b.icon?.id &&
    a.icon?.color === b.icon?.color &&
    a.context === b.context &&
    a.accessibilityLabel === b.accessibilityLabel &&
    a.open === b.open &&
    a.click === b.click
  );
}
