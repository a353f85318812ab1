import { buildElement } from '../../shared/buildElement.ts';
import type { RowLooks } from './decorateRows.ts';
import { type Entry, parseEntry } from './parseEntry.ts';
import { buildPrefixParts, type RowPrefix } from './rowWidgets.ts';
import { buildShown, type ShownText } from './shownText.ts';

/** What the rows need to know of how they are shown. */
export type LiveLooks = Pick<RowLooks, 'readable' | 'buildPrefix'> & {
  /** Matches are marked in the rows. */
  readonly isMarking: () => boolean;
};

/** Longer texts, in characters, are left to the editor, which draws parts of them. */
const longestText = 1_000;

/** What the editor shows as a sign of its own, and some more: what is not to be seen, but tabs. */
const unseen = /(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffc]/u;

/** The rows of these have a mark at their side, or letters of their own. */
const marked: ReadonlySet<Entry['severity']> = new Set(['fatal', 'error', 'warning']);

/**
 * The last rows of a log that runs, over the editor and looking as its own do. A row of the editor is a block with its own
 * layout; here those that lie together are one text, which takes the browser a fraction of the time and of the memory.
 * What reads a page aloud reads the editor's.
 */
export class LiveRows {
  readonly element = buildElement('div', { class: 'live-rows', 'aria-hidden': 'true', hidden: true });

  get isShown(): boolean {
    return !this.element.hidden;
  }

  /** Shows these rows at the lower end of a place of this size, in pixels; false where one of them needs the editor. */
  show(
    rows: readonly string[],
    looks: LiveLooks,
    size: { readonly width: number; readonly height: number },
  ): boolean {
    const drawn = looks.isMarking() ? undefined : drawRows(rows, looks);
    if (!drawn) {
      return false;
    }
    this.element.style.width = `${size.width}px`;
    this.element.style.height = `${size.height}px`;
    this.element.replaceChildren(...joinRows(drawn));
    this.element.hidden = false;
    return true;
  }

  hide(): void {
    this.element.hidden = true;
    this.element.replaceChildren();
  }
}

/** A row that is a block of its own, or the parts of a text that goes on in the next row. */
type DrawnRow = HTMLElement | readonly (Node | string)[];

function drawRows(rows: readonly string[], looks: LiveLooks): readonly DrawnRow[] | undefined {
  const drawn: DrawnRow[] = [];
  for (const row of rows) {
    const one = drawRow(row, looks);
    if (!one) {
      return undefined;
    }
    drawn.push(one);
  }
  return drawn;
}

function drawRow(row: string, looks: LiveLooks): DrawnRow | undefined {
  const entry = parseEntry(row);
  const shown = buildShown(row, looks);
  if (entry.kind !== 'line' || needsEditor(shown.text)) {
    return undefined;
  }
  const prefix = looks.buildPrefix(entry);
  return marked.has(entry.severity) ? drawBlock(entry, prefix, shown) : drawInline(entry, prefix, shown);
}

/** As the editor's own rows are built. */
function drawBlock({ kind, severity }: Entry, prefix: RowPrefix, shown: ShownText): HTMLElement {
  const before = buildPrefixParts(prefix);
  return buildElement(
    'div',
    {
      class: `live-row row row-${kind} severity-${severity}`,
      'data-time': prefix.time === '' ? undefined : prefix.time,
    },
    ...(before.length > 0 ? [buildElement('span', { class: 'row-prefix' }, ...before)] : []),
    ...buildTextParts(shown),
    '\n',
  );
}

/** What has no colour is a text without an element. */
function drawInline(
  { kind, severity }: Entry,
  prefix: RowPrefix,
  shown: ShownText,
): readonly (Node | string)[] {
  const parts = [...buildPrefixParts(prefix), ...buildTextParts(shown), '\n'];
  const isPlain = shown.marks.length === 0 && (severity === 'info' || severity === 'none');
  return [
    ...(prefix.time === '' ? [] : [buildElement('span', { class: 'row-time' }, `${prefix.time} `)]),
    ...(isPlain
      ? parts
      : [buildElement('span', { class: `row row-${kind} severity-${severity}` }, ...parts)]),
  ];
}

function needsEditor(text: string): boolean {
  return text.length > longestText || unseen.test(text);
}

function buildTextParts({ text, marks }: ShownText): readonly (Node | string)[] {
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const { from, to, classes } of marks) {
    parts.push(text.slice(at, from), buildElement('span', { class: classes }, text.slice(from, to)));
    at = to;
  }
  return [...parts, text.slice(at)].filter(part => part !== '');
}

/** Texts that touch become one. */
function joinRows(rows: readonly DrawnRow[]): readonly HTMLElement[] {
  const blocks: HTMLElement[] = [];
  let run: (Node | string)[] = [];
  const endRun = () => {
    if (run.length > 0) {
      blocks.push(buildElement('div', { class: 'live-row' }, ...run));
      run = [];
    }
  };
  for (const row of rows) {
    if (row instanceof HTMLElement) {
      endRun();
      blocks.push(row);
      continue;
    }
    for (const part of row) {
      const last = run.at(-1);
      if (typeof last === 'string' && typeof part === 'string') {
        run[run.length - 1] = last + part;
      } else {
        run.push(part);
      }
    }
  }
  endRun();
  return blocks;
}
