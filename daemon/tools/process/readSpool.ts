import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Redactor, ShownPiece } from '../../protocol/redaction/redact.ts';
import { longestRepeated, repeatedBegins } from '../../protocol/redaction/secretPatterns.ts';

/** A piece of a tool's output, redacted and without terminal codes. */
export type SpoolPiece = {
  /** Where it begins, in bytes of the spool file. */
  readonly offset: number;
  readonly text: string;
  /** Where the next piece begins. */
  readonly nextOffset: number;
  /** True when nothing will ever come after it. */
  readonly ended: boolean;
};

/** How to read a spool. */
export type ReadSpoolOptions = {
  /** In bytes of the spool file; any place is safe, also in the middle of a secret or a character. */
  readonly offset: number;
  readonly redactor: Redactor;
  /** True when the tool has ended: what was held back as an unfinished line is shown. */
  readonly ended: boolean;
  /** About the longest piece, in bytes; 64 KiB unless said. */
  readonly limit?: number;
  /** True when everything before the offset has been shown up to a whole line: nothing before it matters then. */
  readonly atLine?: boolean;
};

/** Reads one piece of a spool; an empty text when there is nothing more now. A missing file is an empty one. */
export function readSpool(spool: string, options: ReadSpoolOptions): SpoolPiece {
  const from = Math.max(0, options.offset);
  const file = openFile(spool);
  try {
    const size = file === undefined ? 0 : fstatSync(file).size;
    if (file === undefined || size <= from) {
      return { offset: from, text: '', nextOffset: from, ended: options.ended };
    }
    const { text, end, final } = showPiece({ ...options, file, size, from });
    return { offset: from, text, nextOffset: end, ended: final && end >= size };
  } finally {
    if (file !== undefined) {
      closeSync(file);
    }
  }
}

/** Reads a whole output, its end when it is longer than `maxBytes`; for a tool that has ended. */
export function readWholeSpool(
  spool: string,
  { redactor, maxBytes }: { readonly redactor: Redactor; readonly maxBytes: number },
): { readonly text: string; readonly cut: boolean } {
  const size = statSync(spool, { throwIfNoEntry: false })?.size ?? 0;
  let offset = Math.max(0, size - maxBytes);
  const texts: string[] = [];
  for (let ended = false; !ended; ) {
    const piece = readSpool(spool, { offset, redactor, ended: true });
    texts.push(piece.text);
    ended = piece.ended || piece.nextOffset === offset;
    offset = piece.nextOffset;
  }
  return { text: texts.join(''), cut: size > maxBytes };
}

type OpenSpool = ReadSpoolOptions & { readonly file: number; readonly size: number; readonly from: number };

/** What is shown from a place on; `end` is a place in the file. */
function showPiece(spool: OpenSpool): ShownPiece & { readonly final: boolean } {
  const { redactor, file, size, from, limit = 64 * 1024 } = spool;
  const start = spool.atLine ? from : findStart(spool);
  const show = (ahead: number) => {
    const bytes = readBytes(file, start, Math.min(size, from + limit + ahead));
    const final = spool.ended && start + bytes.length >= size;
    const { text, end } = redactor.show(bytes, { from: from - start, limit, final });
    return { text, end: start + end, final };
  };
  const piece = show(redactor.reach);
  // Only the end of an object that is repeated can be farther away.
  return piece.end > from || piece.final ? piece : show(longestRepeated + redactor.reach);
}

/** From where on bytes decide what is a secret at a place: `reach` before it, or the line in which an object is repeated. */
function findStart({ redactor, file, from }: OpenSpool): number {
  const near = Math.max(0, from - redactor.reach);
  const before = readBytes(file, near, from);
  if (near === 0 || before.includes('\n')) {
    return near;
  }
  const farthest = Math.max(0, from - longestRepeated);
  const far = readBytes(file, farthest, from);
  const line = far.lastIndexOf('\n') + 1;
  return far.includes(repeatedBegins, line, 'latin1') ? farthest + line : near;
}

function openFile(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function readBytes(file: number, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, end - start));
  return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start));
}
