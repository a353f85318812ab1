import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { type Redactor, redactedMark } from '../../protocol/redaction/redact.ts';

/** How much of a spool is looked at at once, in bytes; as much behind it tells where a Secret ends, which may have 1 MB. */
const windowBytes = 4 * 1024 * 1024;

/**
 * Takes the secrets out of the spool of a tool that has ended; what nobody may see is not left on the disk either. Every
 * byte keeps its place, since windows go on reading where they are: what follows the mark are zeros, which are not shown.
 */
export function scrubSpool(path: string, redactor: Redactor): void {
  if (!existsSync(path)) {
    return;
  }
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    for (let from = 0; from < size; from += windowBytes) {
      const start = Math.max(0, from - redactor.reach);
      const bytes = Buffer.alloc(Math.min(size - start, from - start + 2 * windowBytes));
      const read = readSync(file, bytes, 0, bytes.length, start);
      for (const range of redactor.find(bytes.subarray(0, read))) {
        const blank = buildBlank(range.end - range.start);
        writeSync(file, blank, 0, blank.length, start + range.start);
      }
    }
  } finally {
    closeSync(file);
  }
}

function buildBlank(length: number): Buffer {
  const blank = Buffer.alloc(length);
  blank.write(length < redactedMark.length ? '*'.repeat(length) : redactedMark, 'latin1');
  return blank;
}
