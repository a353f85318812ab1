/** So long may a value be that a person still reads past it. */
const longestValue = 100;

/**
 * Leaves long values out of what the API server says: for a field that cannot be changed it repeats the whole template,
 * and what is wrong stands behind thousands of characters.
 */
export function shortenValues(text: string): string {
  return text.replaceAll(
    /: Invalid value: (?<value>[^\s{[]*[{[].*?[}\]]): (?=[a-z])/gs,
    (all, value: string) => (value.length > longestValue ? ': ' : all),
  );
}
