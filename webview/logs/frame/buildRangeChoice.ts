import type { LogRange } from '../../protocol/logMessages.ts';
import type { LogWords } from '../../protocol/logWords.ts';
import { fillIn } from '../../shared/fillIn.ts';
import { buildCheckbox, buildSelect } from './controls.ts';

const tails = [100, 1_000, 10_000, 100_000] as const;
const minutes = [5, 15, 30] as const;
const hours = [1, 6, 24] as const;

/** Lets a person choose how much of the log is asked of the cluster. */
export function buildRangeChoice(
  range: LogRange,
  options: { readonly words: LogWords; readonly write: (value: number) => string },
  onChange: (range: LogRange) => void,
): readonly HTMLElement[] {
  const { words, write } = options;
  let chosen = range;
  const change = (changed: LogRange) => {
    chosen = changed;
    onChange(changed);
  };
  const ranges = [
    ...[...new Set([...tails, ...(range.tailLines === undefined ? [] : [range.tailLines])])]
      .sort((a, b) => a - b)
      .map(lines => ({ value: `tail ${lines}`, text: fillIn(words.tail, write(lines)) })),
    ...minutes.map(value => ({ value: `since ${value * 60}`, text: fillIn(words.sinceMinutes, value) })),
    ...hours.map(value => ({ value: `since ${value * 3600}`, text: fillIn(words.sinceHours, value) })),
    { value: 'all', text: words.everything },
  ];
  return [
    buildSelect({ label: words.range, items: ranges, chosen: writeRange(range) }, value =>
      change(readRange(value, chosen.previous)),
    ),
    buildCheckbox(words.previous, range.previous, previous => change({ ...chosen, previous })),
  ];
}

function writeRange({ sinceSeconds, tailLines }: LogRange): string {
  if (sinceSeconds !== undefined) {
    return `since ${sinceSeconds}`;
  }
  return tailLines === undefined ? 'all' : `tail ${tailLines}`;
}

function readRange(value: string, previous: boolean): LogRange {
  const [kind, number = ''] = value.split(' ');
  switch (kind) {
    case 'tail':
      return { previous, tailLines: Number(number) };
    case 'since':
      return { previous, sinceSeconds: Number(number) };
    default:
      return { previous };
  }
}
