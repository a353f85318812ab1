import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { anchorReasons, type JournalAnchor } from '../../model/journalAnchor.ts';
import type { JournalFinding } from '../../model/journalFinding.ts';
import { withStoreErrors } from './storeError.ts';

const anchorSchema: z.ZodType<JournalAnchor> = z.object({
  sequence: z.number().int().min(1),
  hash: z.string(),
  time: z.string(),
  reason: z.enum(anchorReasons),
});

/**
 * The journal's heads, one JSON line each, in a file outside the database, so that a cut of the database shows.
 * Whoever can write both files as the same user can forge both: reports and the shared store will carry heads too.
 */
export class AnchorFile {
  readonly #path: string;
  #lastSequence: number;

  /** Opens `anchors.jsonl` in a folder; a line that a crash left half written is taken away. */
  constructor(folder: string) {
    this.#path = join(folder, 'anchors.jsonl');
    this.#guard(() => dropHalfLine(this.#path));
    this.#lastSequence = this.read().anchors.at(-1)?.sequence ?? 0;
  }

  /** The last event that was anchored; 0 before the first. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Writes an anchor; it is durable when this returns. Throws SlipwayError `storeFailed`. */
  append(anchor: JournalAnchor): void {
    this.#guard(() => {
      const isNew = !existsSync(this.#path);
      const file = openSync(this.#path, 'a', 0o600);
      try {
        writeSync(file, `${JSON.stringify(anchor)}\n`);
        fsyncSync(file);
      } catch (error) {
        dropHalfLine(this.#path);
        throw error;
      } finally {
        closeSync(file);
      }
      if (isNew) {
        syncFolder(dirname(this.#path));
      }
    });
    this.#lastSequence = anchor.sequence;
  }

  /** Every anchor, and a finding for each line that is none. */
  read(): { readonly anchors: readonly JournalAnchor[]; readonly findings: readonly JournalFinding[] } {
    const text = this.#guard(() => (existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : ''));
    const anchors: JournalAnchor[] = [];
    const findings: JournalFinding[] = [];
    for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
      const anchor = parseLine(line);
      if (anchor) {
        anchors.push(anchor);
      } else {
        const message = `Line ${index + 1} of ${basename(this.#path)} is no anchor: it was edited.`;
        findings.push({ problem: 'unreadable', sequence: 0, message });
      }
    }
    return { anchors, findings };
  }

  #guard<T>(work: () => T): T {
    return withStoreErrors(this.#path, work);
  }
}

function parseLine(line: string): JournalAnchor | undefined {
  try {
    return anchorSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function dropHalfLine(path: string): void {
  if (!existsSync(path)) {
    return;
  }
  const content = readFileSync(path);
  const whole = content.lastIndexOf('\n') + 1;
  if (whole < content.length) {
    const file = openSync(path, 'r+');
    try {
      ftruncateSync(file, whole);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}

function syncFolder(folder: string): void {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
