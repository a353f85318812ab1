/** The lines that one text has and the other has not, trimmed: `- old` and `+ new`, in the order of the texts. */
export function listLineChanges(before: string, after: string): readonly string[] {
  const [old, current] = [countLines(before), countLines(after)];
  return [
    ...listMore(old, current).map(line => `- ${line}`),
    ...listMore(current, old).map(line => `+ ${line}`),
  ];
}

function countLines(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n').map(one => one.trim())) {
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

function listMore(of: ReadonlyMap<string, number>, than: ReadonlyMap<string, number>): readonly string[] {
  return [...of].flatMap(([line, count]) =>
    Array.from({ length: Math.max(0, count - (than.get(line) ?? 0)) }, () => line),
  );
}
