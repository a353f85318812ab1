/** Sorts releases, newest first: versions by their numbers (semver.org), then whatever is no version by its date. */
export function sortReleases<T extends { readonly version: string; readonly date: string }>(
  releases: readonly T[],
): readonly T[] {
  return releases
    .map(release => ({ release, parsed: parseVersion(release.version) }))
    .toSorted((left, right) => {
      if (left.parsed && right.parsed) {
        return compareVersions(right.parsed, left.parsed) || compareTexts(right.release, left.release);
      }
      return (
        Number(right.parsed !== undefined) - Number(left.parsed !== undefined) ||
        compareTexts(right.release, left.release)
      );
    })
    .map(({ release }) => release);
}

type Version = { readonly numbers: readonly bigint[]; readonly pre: readonly string[] };

// A tag may carry a prefix such as "v" or "kosmos-v".
function parseVersion(text: string): Version | undefined {
  const match = /^(?:.*[-/_])?v?(\d+(?:\.\d+){1,3})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(text);
  const whole = match ?? /^(?:.*[-/_])?v(\d+)()$/.exec(text);
  return whole
    ? { numbers: (whole[1] ?? '').split('.').map(BigInt), pre: whole[2] ? whole[2].split('.') : [] }
    : undefined;
}

function compareVersions(left: Version, right: Version): number {
  for (let index = 0; index < 4; index += 1) {
    const [a, b] = [left.numbers[index] ?? 0n, right.numbers[index] ?? 0n];
    if (a !== b) {
      return a < b ? -1 : 1;
    }
  }
  return comparePre(left.pre, right.pre);
}

// A version before its release is less than the release; numbers are less than words.
function comparePre(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) {
    return right.length - left.length;
  }
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareParts(left[index], right[index]);
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

function compareParts(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) {
    return Number(left !== undefined) - Number(right !== undefined);
  }
  const [leftNumber, rightNumber] = [left, right].map(part =>
    /^\d+$/.test(part) ? BigInt(part) : undefined,
  );
  if (leftNumber !== undefined && rightNumber !== undefined) {
    return leftNumber < rightNumber ? -1 : Number(leftNumber > rightNumber);
  }
  if (leftNumber !== undefined || rightNumber !== undefined) {
    return leftNumber !== undefined ? -1 : 1;
  }
  return left < right ? -1 : Number(left > right);
}

function compareTexts(left: { readonly date: string; readonly version: string }, right: typeof left): number {
  const [a, b] = [`${left.date} ${left.version}`, `${right.date} ${right.version}`];
  return a < b ? -1 : a > b ? 1 : 0;
}
