/** The number both ends must share; raised when a message changes so that an older end would misread it. */
export const protocolVersion = 1;

/** Replaced by build.mjs with the version of package.json. */
declare const slipwayVersion: string | undefined;

/** The version of this build of Slipway; run from source it is older than every release. */
export const productVersion: string = typeof slipwayVersion === 'string' ? slipwayVersion : '0.0.0-source';

/** Orders two semantic versions: negative, 0 or positive; a text that is no version is older than every version. */
export function compareVersions(left: string, right: string): number {
  const a = parseVersion(left);
  const b = parseVersion(right);
  if (!a || !b) {
    return (a ? 1 : 0) - (b ? 1 : 0);
  }
  for (const [index, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return comparePrereleases(a.prerelease, b.prerelease);
}

type Version = { readonly numbers: readonly number[]; readonly prerelease: readonly string[] };

function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(text);
  return match
    ? { numbers: match.slice(1, 4).map(Number), prerelease: match[4]?.split('.') ?? [] }
    : undefined;
}

// https://semver.org/#spec-item-11: a pre-release is older than its release; numbers before words.
function comparePrereleases(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) {
    return right.length - left.length;
  }
  for (const [index, a] of left.entries()) {
    const b = right[index];
    if (b === undefined) {
      return 1;
    }
    if (a !== b) {
      return compareIdentifiers(a, b);
    }
  }
  return left.length - right.length;
}

function compareIdentifiers(a: string, b: string): number {
  const numbers = [a, b].map(text => (/^\d+$/.test(text) ? Number(text) : undefined));
  const [left, right] = numbers;
  if (left !== undefined && right !== undefined) {
    return left - right;
  }
  if (left !== undefined || right !== undefined) {
    return left !== undefined ? -1 : 1;
  }
  return a < b ? -1 : 1;
}
