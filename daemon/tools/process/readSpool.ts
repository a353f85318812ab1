import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Redactor } from '../../protocol/redaction/redact.ts';

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
  const { redactor, limit = 64 * 1024 } = options;
  const reach = options.atLine ? 0 : redactor.reach;
  const from = Math.max(0, options.offset);
  const start = Math.max(0, from - reach);
  const window = readBytes(spool, start, from - start + limit + redactor.reach);
  if (!window || window.size <= from) {
    return { offset: from, text: '', nextOffset: from, ended: options.ended };
  }
  const final = options.ended && start + window.bytes.length >= window.size;
  const { text, end } = redactor.show(window.bytes, { from: from - start, limit, final });
  const nextOffset = start + end;
  return { offset: from, text, nextOffset, ended: final && nextOffset >= window.size };
}

/** Reads a whole output, its end when it is longer than `maxBytes`; for a tool that has ended. */
export function readWholeSpool(
  spool: string,
  { redactor, maxBytes }: { readonly redactor: Redactor; readonly maxBytes: number },
): { readonly text: string; readonly cut: boolean } {
  const size = readBytes(spool, 0, 0)?.size ?? 0;
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

function readBytes(path: string, start: number, length: number): { bytes: Buffer; size: number } | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - start)));
    const read = readSync(file, bytes, 0, bytes.length, start);
    return { bytes: bytes.subarray(0, read), size };
  } finally {
    closeSync(file);
  }
}
