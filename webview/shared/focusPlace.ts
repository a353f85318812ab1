/** Where the focus is in a page, as it is before a change. */
export type FocusPlace = {
  /** What is nearest to that place by now and can have the focus: the same element where it is still there. */
  readonly findHeir: () => HTMLElement | undefined;
};

const controls = ['vscode-button', 'vscode-checkbox', 'button', 'input', 'summary', 'a[href]'].join();
const headings = ['h1', 'h2', 'h3'].join();

/**
 * Finds the place of an element: itself, then the other controls of its row, the row's heading, the row that comes next
 * or takes its place, the one before, the heading of the list, the title of the page.
 */
export function findPlace(holder: HTMLElement): FocusPlace {
  const row = findRow(holder);
  const inRow = row ? find(row, controls) : [];
  const list = row?.parentElement ?? undefined;
  const rows = list ? [...list.children] : [];
  const index = row ? rows.indexOf(row) : -1;
  const section = (list ?? holder).closest('section');
  return {
    findHeir: () => {
      const near = list
        ? [...rows.slice(index + 1), ...[...list.children].slice(index), ...[...list.children].reverse()]
        : [];
      const heirs = [
        holder,
        ...inRow.slice(inRow.indexOf(holder) + 1),
        ...inRow.toReversed(),
        ...(row ? find(row, headings) : []),
        ...near.flatMap(other => find(other, `${controls},${headings}`)),
        ...(section ? find(section, headings) : []),
        ...find(document.body, 'h1'),
      ];
      return heirs.find(canHaveFocus);
    },
  };
}

/** The row that an element is in, or is itself: of a list, or of buttons side by side. */
function findRow(element: HTMLElement): Element | undefined {
  return element.closest('li, .actions > *') ?? undefined;
}

/** The elements of a kind in another, which may be one itself. */
function find(element: Element, selector: string): readonly HTMLElement[] {
  return [element, ...element.querySelectorAll(selector)].filter(
    (found): found is HTMLElement => found instanceof HTMLElement && found.matches(selector),
  );
}

function canHaveFocus(element: HTMLElement): boolean {
  return element.isConnected && element.checkVisibility();
}
