import { findSeverity, severities } from '../../model/logSeverity.ts';
import type { LogBatch } from '../../protocol/log.ts';
import { type EntryList, type EntryPiece, indexOf } from './entryList.ts';
import { yieldTurn } from './runSlice.ts';

/** Characters of a line that travel in a batch; `log.readLine` gives the rest. */
export const longestText = 8_192;
/** Characters of a batch. */
const longestBatch = 256 * 1024;
const sliceMs = 8;
const none = severities.indexOf('none');

/** Reads entries from a place on as one text; fewer than `limit` at the end, or when the batch is large. */
export async function buildBatch(list: EntryList, from: number, limit: number): Promise<LogBatch> {
  const start = Math.max(from, list.first);
  const parts: string[] = [];
  let size = 0;
  let place = start;
  let sliceEnd = performance.now() + sliceMs;
  while (place < start + limit && size < longestBatch) {
    const piece = await list.readForward(place, Math.min(start + limit, list.total));
    if (!piece || piece.place !== place) {
      // The oldest made way meanwhile, or this is the end.
      break;
    }
    for (let at = 0; at < piece.count && size < longestBatch; at += 1) {
      const entry = buildEntry(piece, at);
      parts.push(entry);
      size += entry.length + 1;
      place += 1;
      if ((at & 63) === 0 && performance.now() > sliceEnd) {
        await yieldTurn();
        sliceEnd = performance.now() + sliceMs;
      }
    }
  }
  return { from: start, count: parts.length, text: parts.join('\n'), total: list.total, first: list.first };
}

function buildEntry(piece: EntryPiece, at: number): string {
  const { block } = piece;
  const index = indexOf(piece, at);
  const text = block.textOf(index);
  const isLine = block.isLine(index);
  const isLong = text.length > longestText;
  const kind = isLine ? (isLong ? 'T' : 'L') : block.isGap(index) ? 'G' : 'N';
  const severity = isLine ? findSeverity(text) : none;
  const shown = isLong ? cutText(text) : text;
  return `${kind} ${severity} ${block.first + index} ${block.sourceOf(index)} ${text.length} ${block.timeOf(index)} ${shown}`;
}

/** Never in the middle of a character that needs two places. */
function cutText(text: string): string {
  const code = text.charCodeAt(longestText - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? longestText - 1 : longestText);
}
