import { setTimeout as pause } from 'node:timers/promises';
import type { Redactor } from '../../protocol/redaction/redact.ts';
import { FileBell } from './fileBell.ts';
import { readSpool, type SpoolPiece } from './readSpool.ts';

/** How to follow a spool. */
export type FollowSpoolOptions = {
  /** In bytes of the spool file: 0, or the `nextOffset` of an earlier piece. */
  readonly offset: number;
  readonly redactor: Redactor;
  /** Settles when the tool has ended, so that the last piece can be told. */
  readonly ended: Promise<unknown>;
  readonly signal?: AbortSignal;
  /** About the longest piece, in bytes; 64 KiB unless said. */
  readonly limit?: number;
};

/**
 * Follows a tool's output from an offset: first what is there, then what comes, until the tool has ended or the signal
 * aborts. Only whole lines come before the end; each byte comes once.
 */
export async function* followSpool(spool: string, options: FollowSpoolOptions): AsyncGenerator<SpoolPiece> {
  const { redactor, signal, limit = 64 * 1024 } = options;
  const bell = new FileBell(spool);
  let toolEnded = false;
  const onEnded = () => {
    toolEnded = true;
    bell.ring();
  };
  options.ended.then(onEnded, onEnded);
  let { offset } = options;
  let atLine = false;
  try {
    while (!signal?.aborted) {
      const piece = readSpool(spool, { offset, redactor, ended: toolEnded, limit, atLine });
      if (piece.ended || piece.nextOffset > offset) {
        yield piece;
        atLine = piece.text.endsWith('\n');
        offset = piece.nextOffset;
      } else {
        await bell.wait(pollMs, signal);
        // A tool that prints line by line is read some lines at a time.
        await pause(gatherMs);
      }
      if (piece.ended) {
        return;
      }
    }
  } finally {
    bell.dispose();
  }
}

/** File watching is not everywhere; a look per second is. */
const pollMs = 1000;
const gatherMs = 15;
