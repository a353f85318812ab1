import { setTimeout as wait } from 'node:timers/promises';
import type { FollowerSink, LogRemark, TimedLines } from '../../../../daemon/watching/logs/followerSink.ts';

/** A line of a simulated log: when it was written, in milliseconds, and its text. */
export type SimulatedLine = { readonly at: number; readonly text: string };

/** Writes a line as the API server sends it. */
export function writeLine({ at, text }: SimulatedLine): string {
  return `${new Date(at).toISOString().slice(0, 23)}000000Z ${text}\n`;
}

/** What the API server sends for `sinceTime`: whole seconds, line by line, in the order of the file. */
export function serve(lines: readonly SimulatedLine[], sinceSecond: number | undefined): Buffer {
  const served = lines.filter(({ at }) => sinceSecond === undefined || at >= sinceSecond * 1000);
  return Buffer.from(served.map(writeLine).join(''));
}

/** A sink that keeps what it is given. */
export class KeptLines implements FollowerSink {
  readonly texts: string[] = [];
  readonly remarks: (LogRemark & { readonly after: number })[] = [];
  readonly isFull = false;

  lines({ bytes, ends }: TimedLines): void {
    let start = 0;
    for (const end of ends) {
      const line = bytes.toString('utf8', start, end - 1);
      this.texts.push(line.slice(line.indexOf(' ') + 1));
      start = end;
    }
  }

  remark(remark: LogRemark): void {
    this.remarks.push({ ...remark, after: this.texts.length });
  }

  room(): Promise<void> {
    return wait(0);
  }

  get gaps(): number {
    return this.remarks.filter(({ kind }) => kind === 'gap').length;
  }
}
