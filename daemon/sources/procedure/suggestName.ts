/**
 * Picks the known name that a person probably meant: the nearest by edit distance (a swap of neighbours counts
 * as one), when it is near enough to be no guess; small and capital letters count as the same.
 */
export function suggestName(written: string, known: Iterable<string>): string | undefined {
  // One edit in three letters: "afterr" is "after", but "soak" is not "after".
  const limit = Math.max(1, Math.floor(written.length / 3));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const distance = computeDistance(written.toLowerCase(), name.toLowerCase());
    if (distance <= limit && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) {
      best = { name, distance };
    }
  }
  return best?.name;
}

/** " Did you mean "after"?", or nothing. */
export function buildSuggestion(written: string, known: Iterable<string>): string {
  const name = suggestName(written, known);
  return name === undefined ? '' : ` Did you mean "${name}"?`;
}

// Optimal string alignment over three rows; names longer than any key are not worth comparing.
function computeDistance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 20 || left.length > 100) {
    return Number.POSITIVE_INFINITY;
  }
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const steps = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      ];
      if (
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1]
      ) {
        steps.push((beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(Math.min(...steps));
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? Number.POSITIVE_INFINITY;
}
