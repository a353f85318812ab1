import type { DigestPart } from './digestParts.ts';

/** Says by name what differs between the parts of two digests of one kind: "the chart's values (values-production.yaml)". */
export function listDigestChanges(
  before: readonly DigestPart[],
  now: readonly DigestPart[],
): readonly string[] {
  const [old, current] = [groupParts(before), groupParts(now)];
  return [...new Set([...old.keys(), ...current.keys()])].flatMap(key => {
    const [was = [], is = []] = [old.get(key), current.get(key)];
    const [example] = [...is, ...was];
    return example === undefined || isSame(was, is) ? [] : [describe(example, join(was), join(is))];
  });
}

/** Longer values are cut: a sentence stays one. */
const mostCharacters = 80;

function groupParts(parts: readonly DigestPart[]): ReadonlyMap<string, readonly DigestPart[]> {
  return Map.groupBy(parts, ({ part, name }) => `${part} ${name}`);
}

function isSame(was: readonly DigestPart[], is: readonly DigestPart[]): boolean {
  const values = (parts: readonly DigestPart[]) => JSON.stringify(parts.map(({ value }) => value).sort());
  return values(was) === values(is);
}

/** `undefined` where there is none. */
function join(parts: readonly DigestPart[]): string | undefined {
  return parts.length === 0 ? undefined : parts.map(({ value }) => value).join(', ');
}

function describe({ part, name }: DigestPart, was: string | undefined, is: string | undefined): string {
  switch (part) {
    case 'commit':
      return `the commit${compare(was?.slice(0, 7), is?.slice(0, 7))}`;
    case 'image':
      return `the image ${name}${compare(was?.replace('@unverified', ''), is?.replace('@unverified', ''))}`;
    case 'chart':
      return `the chart (${name})${appear(was, is)}`;
    case 'migrations':
      return `the database's migrations${appear(was, is)}`;
    case 'cluster':
      return `the cluster${compare(was, is)}`;
    case 'namespace':
      return `the namespace${compare(was, is)}`;
    case 'components':
      return `the components or their order${compare(was, is)}`;
    case 'method':
      return `how ${name} is brought there${compare(was, is)}`;
    case 'arguments':
      return `the arguments for ${name}${compareWords(was, is)}`;
    case 'set':
      return `set: ${name}${compare(was, is)}`;
    case 'values':
      return `the chart's values (${name})${appear(was, is)}`;
    case 'policy':
      return `the policy (${name})${appear(was, is)}`;
  }
}

/** Was and is, where both are short enough to be read. */
function compare(was: string | undefined, is: string | undefined): string {
  if (was === undefined || is === undefined) {
    return `${appear(was, is)} (${cut(is ?? was ?? '')})`;
  }
  return ` (was ${cut(was)}, is ${cut(is)})`;
}

/** What stands in for a text that nobody could read: a digest. */
function appear(was: string | undefined, is: string | undefined): string {
  return was === undefined ? ', which is new' : is === undefined ? ', which is gone' : '';
}

/** Arguments are a list of words as JSON: what went and what came is said, not the whole. */
function compareWords(was: string | undefined, is: string | undefined): string {
  if (was === undefined || is === undefined) {
    return appear(was, is);
  }
  const [old, current]: [string[], string[]] = [JSON.parse(was), JSON.parse(is)];
  const gone = old.filter(word => !current.includes(word)).join(' ');
  const came = current.filter(word => !old.includes(word)).join(' ');
  return gone === '' && came === ''
    ? ' (their order)'
    : ` (was ${cut(gone) || 'nothing'}, is ${cut(came) || 'nothing'})`;
}

function cut(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}\u2026` : text;
}
