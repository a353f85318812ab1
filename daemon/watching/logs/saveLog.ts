import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { SlipwayError } from '../../protocol/errors.ts';
import { type EntryList, type EntryPiece, indexOf } from './entryList.ts';
import { yieldTurn } from './runSlice.ts';

/** What is written beside the text of each line. */
export type SaveOptions = {
  readonly path: string;
  readonly timestamps: boolean;
  /** Names a source by its id; absent where no names are wanted. */
  readonly nameSource?: (id: number) => string;
};

/**
 * Writes the entries of a list to a file that only its user may read (0600); what was in it before is replaced when
 * everything is written. Gaps, and entries that made way, are said in it. Throws `invalidArgument` and `saveFailed`.
 */
export async function saveLog(
  list: EntryList,
  options: SaveOptions,
  signal: AbortSignal,
): Promise<{ readonly lines: number; readonly bytes: number }> {
  if (!isAbsolute(options.path)) {
    throw new SlipwayError('invalidArgument', `"${options.path}" is no absolute path.`, {
      details: { field: 'path' },
    });
  }
  const unfinished = `${options.path}.${randomBytes(4).toString('hex')}.part`;
  try {
    const file = await open(unfinished, 'wx', 0o600);
    try {
      const written = await writeEntries(list, options, { file, signal });
      await file.datasync();
      await file.close();
      await rename(unfinished, options.path);
      return written;
    } finally {
      await file.close().catch(() => undefined);
    }
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    if (error instanceof SlipwayError || signal.aborted) {
      throw error;
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new SlipwayError('saveFailed', `The log was not saved to ${options.path}: ${why}.`, {
      details: { path: options.path },
      cause: error,
    });
  }
}

async function writeEntries(
  list: EntryList,
  options: SaveOptions,
  { file, signal }: { readonly file: FileHandle; readonly signal: AbortSignal },
): Promise<{ readonly lines: number; readonly bytes: number }> {
  const end = list.total;
  let place = list.first;
  let lines = 0;
  let bytes = 0;
  const write = async (buffer: Buffer) => {
    await file.writeFile(buffer);
    bytes += buffer.length;
  };
  for (;;) {
    signal.throwIfAborted();
    const piece = await list.readForward(place, end);
    if (place < (piece?.place ?? list.first)) {
      const gone = (piece?.place ?? list.first) - place;
      await write(Buffer.from(`--- ${gone} older entries made way for newer ones ---\n`));
    } else if (lines === 0 && place > 0) {
      await write(Buffer.from(`--- ${place} older entries made way for newer ones ---\n`));
    }
    if (!piece) {
      return { lines, bytes };
    }
    await write(buildPiece(piece, options));
    lines += piece.count;
    place = piece.place + piece.count;
    await yieldTurn();
  }
}

function buildPiece(piece: EntryPiece, { timestamps, nameSource }: SaveOptions): Buffer {
  const { block } = piece;
  const parts: Buffer[] = [];
  for (let at = 0; at < piece.count; at += 1) {
    const index = indexOf(piece, at);
    const source = nameSource?.(block.sourceOf(index));
    const before = `${timestamps ? `${block.timeOf(index)} ` : ''}${source ? `${source} ` : ''}`;
    if (before !== '') {
      parts.push(Buffer.from(before));
    }
    parts.push(...(block.isLine(index) ? [block.bytesOf(index)] : [dashes, block.bytesOf(index), dashesEnd]));
    parts.push(lineFeed);
  }
  return Buffer.concat(parts);
}

const lineFeed = Buffer.from('\n');
const dashes = Buffer.from('--- ');
const dashesEnd = Buffer.from(' ---');
