import type { LogWords } from '../../protocol/logWords.ts';
import { formatTime } from './formatTime.ts';
import type { Entry } from './parseEntry.ts';
import type { PodTag } from './podTags.ts';
import type { RowPrefix } from './rowWidgets.ts';

/** What stands before a row: its time where that is wanted, what it is where it is no line, and its pod. */
export function buildRowPrefix(
  { kind, time, source }: Entry,
  options: {
    readonly words: LogWords;
    readonly tags: ReadonlyMap<number, PodTag>;
    readonly timestamps: boolean;
  },
): RowPrefix {
  const { words, tags, timestamps } = options;
  const tag = tags.get(source);
  const marks = { gap: words.gap, notice: words.notice, line: '', cut: '' } as const;
  return {
    time: timestamps ? formatTime(time, new Date()) : '',
    mark: marks[kind],
    tag: tag?.label ?? '',
    tagTitle: tag?.title ?? '',
    color: tag?.color ?? -1,
  };
}
