/** Rows that lie one after another. */
type Chunk = { readonly rows: readonly string[]; readonly characters: number };

/** The part of a log, or of a filtered view, that the page holds: rows from one place on, without holes. */
export type LogWindow = {
  /** The place of the first row. */
  readonly start: number;
  readonly size: number;
  readonly characters: number;
  readonly chunks: readonly Chunk[];
};

/** How much a page holds at most; what is more stays with the daemon. */
export type WindowLimits = { readonly rows: number; readonly characters: number };

/**
 * What a page holds: a third of the 300,000 rows that it may. Up to 7,000,000 pixels the editor's heights are exact,
 * and with this many rows that is so for lines of three rows each.
 */
export const windowLimits: WindowLimits = { rows: 100_000, characters: 30_000_000 };

/** Small pieces are put together up to this size, so that a row is found quickly, and large ones are parted. */
const chunkRows = 2_000;

/**
 * What a page holds while it follows: the editor goes through the height of every row that it has measured each time
 * that one is added. With a chunk less it is still more than a reader wants before the screen (`readSizes.near`).
 */
export const followedLimits: WindowLimits = { ...windowLimits, rows: 3 * chunkRows };

/** A window that holds nothing yet. */
export function buildEmptyWindow(start: number): LogWindow {
  return { start, size: 0, characters: 0, chunks: [] };
}

/** The place after the last row. */
export function readEnd({ start, size }: LogWindow): number {
  return start + size;
}

/** The row at an index from the window's start; undefined outside. */
export function readRow(window: LogWindow, index: number): string | undefined {
  let rest = index;
  for (const { rows } of window.chunks) {
    if (rest < rows.length) {
      return rows[rest];
    }
    rest -= rows.length;
  }
  return undefined;
}

/** The last rows, at most so many. */
export function readLastRows({ chunks }: LogWindow, count: number): readonly string[] {
  let last: readonly string[] = [];
  for (let index = chunks.length - 1; index >= 0 && last.length < count; index -= 1) {
    last = [...(chunks[index]?.rows.slice(last.length - count) ?? []), ...last];
  }
  return last;
}

/** Adds rows at the end. */
export function appendRows(window: LogWindow, rows: readonly string[]): LogWindow {
  const last = window.chunks.at(-1);
  const chunks =
    last && last.rows.length + rows.length <= chunkRows
      ? [...window.chunks.slice(0, -1), joinChunks(last, buildChunk(rows))]
      : [...window.chunks, ...buildChunks(rows)];
  return buildWindow(window.start, chunks);
}

/** Adds rows before the first. */
export function prependRows(window: LogWindow, rows: readonly string[]): LogWindow {
  return buildWindow(window.start - rows.length, [...buildChunks(rows), ...window.chunks]);
}

/** Lets the oldest rows go until the limits hold, but none from the place `keepFrom` on; `dropped` counts them. */
export function trimFront(
  window: LogWindow,
  limits: WindowLimits,
  keepFrom: number,
): { readonly window: LogWindow; readonly dropped: number } {
  const chunks = [...window.chunks];
  let { start, size, characters } = window;
  for (let first = chunks[0]; first && isTooLarge({ size, characters }, limits); first = chunks[0]) {
    if (start + first.rows.length > keepFrom) {
      break;
    }
    chunks.shift();
    start += first.rows.length;
    size -= first.rows.length;
    characters -= first.characters;
  }
  return { window: { start, size, characters, chunks }, dropped: window.size - size };
}

/** Lets the newest rows go until the limits hold, but none before the place `keepUntil`; `dropped` counts them. */
export function trimBack(
  window: LogWindow,
  limits: WindowLimits,
  keepUntil: number,
): { readonly window: LogWindow; readonly dropped: number } {
  const chunks = [...window.chunks];
  const { start } = window;
  let { size, characters } = window;
  for (let last = chunks.at(-1); last && isTooLarge({ size, characters }, limits); last = chunks.at(-1)) {
    if (start + size - last.rows.length < keepUntil) {
      break;
    }
    chunks.pop();
    size -= last.rows.length;
    characters -= last.characters;
  }
  return { window: { start, size, characters, chunks }, dropped: window.size - size };
}

function isTooLarge(
  has: { readonly size: number; readonly characters: number },
  limits: WindowLimits,
): boolean {
  return has.size > limits.rows || has.characters > limits.characters;
}

function buildWindow(start: number, chunks: readonly Chunk[]): LogWindow {
  return {
    start,
    chunks,
    size: chunks.reduce((sum, { rows }) => sum + rows.length, 0),
    characters: chunks.reduce((sum, { characters }) => sum + characters, 0),
  };
}

function buildChunks(rows: readonly string[]): readonly Chunk[] {
  const count = Math.ceil(rows.length / chunkRows);
  return Array.from({ length: count }, (_, index) =>
    buildChunk(rows.slice(index * chunkRows, (index + 1) * chunkRows)),
  );
}

function buildChunk(rows: readonly string[]): Chunk {
  return { rows, characters: rows.reduce((sum, row) => sum + row.length, 0) };
}

function joinChunks(left: Chunk, right: Chunk): Chunk {
  return { rows: [...left.rows, ...right.rows], characters: left.characters + right.characters };
}
