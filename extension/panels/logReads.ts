import type { LogBatch } from '../../daemon/protocol/log.ts';
import type { FromLogPage, ToLogPage } from '../../webview/protocol/logMessages.ts';
import type { DaemonPort } from '../state/daemonPort.ts';

type Read = Extract<FromLogPage, { readonly type: 'read' }>;

/** Answers a question of the page with what `ask` finds in the log; nothing is sent where there is no answer yet. */
type AnswerQuestion = (id: number, ask: (logId: string) => Promise<ToLogPage | undefined>) => Promise<void>;

/** How long a read may wait with nothing to answer, in milliseconds. */
const longestWaitMs = 20_000;

/** While lines come, the daemon is asked this often; it tells of new ones less often, in milliseconds. */
const chaseMs = 25;

/** Lines count as coming for so long after the last one, in milliseconds. */
const chasingMs = 1_000;

/** Answers what the page reads. One read at a time may wait until there is something; the next takes its place. */
export class LogReads {
  readonly #daemon: DaemonPort;
  readonly #answer: AnswerQuestion;
  /** The read that may wait: the last one of the page. */
  #last: Read | undefined;
  #waiting: { readonly read: Read; readonly until: number; readonly timer: NodeJS.Timeout } | undefined;
  #lastLineAt = 0;

  constructor(daemon: DaemonPort, answer: AnswerQuestion) {
    this.#daemon = daemon;
    this.#answer = answer;
  }

  /** Answers a read, at once or when there is something, as it asks. */
  take(read: Read): void {
    this.forget();
    this.#last = read;
    this.#look(read, read.wait ? Date.now() + longestWaitMs : 0);
  }

  /** There may be something for the read that waits. */
  wake(): void {
    const waiting = this.#waiting;
    if (waiting) {
      clearTimeout(waiting.timer);
      this.#waiting = undefined;
      this.#look(waiting.read, waiting.until);
    }
  }

  /** Nobody waits for an answer any more. */
  forget(): void {
    clearTimeout(this.#waiting?.timer);
    this.#waiting = undefined;
    this.#last = undefined;
  }

  #look(read: Read, until: number): void {
    void this.#answer(read.id, async logId => {
      const batch = await this.#readBatch(logId, read);
      if (batch.count === 0 && Date.now() < until) {
        this.#wait(read, until);
        return undefined;
      }
      return { type: 'read', id: read.id, batch };
    });
  }

  async #readBatch(logId: string, { filterId, from, limit }: Read): Promise<LogBatch> {
    const filter = filterId === undefined ? {} : { filterId };
    const batch = await this.#daemon.request('log.read', { logId, from, limit, ...filter });
    if (batch.count > 0) {
      this.#lastLineAt = Date.now();
    }
    return batch;
  }

  #wait(read: Read, until: number): void {
    // Another may have taken its place while the daemon was asked.
    if (read === this.#last) {
      const isChasing = Date.now() - this.#lastLineAt < chasingMs;
      const delay = isChasing ? chaseMs : Math.max(0, until - Date.now());
      this.#waiting = { read, until, timer: setTimeout(() => this.wake(), delay) };
    }
  }
}
