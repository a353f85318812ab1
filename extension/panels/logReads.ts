import type { LogBatch } from '../../daemon/protocol/log.ts';
import type { FromLogPage, ToLogPage } from '../../webview/protocol/logMessages.ts';
import type { DaemonPort } from '../state/daemonPort.ts';

type Read = Extract<FromLogPage, { readonly type: 'read' }>;

/** Answers a question of the page with what `ask` finds in the log; nothing is sent where there is no answer yet. */
type AnswerQuestion = (id: number, ask: (logId: string) => Promise<ToLogPage | undefined>) => Promise<void>;

/** How long a read may wait with nothing to answer, in milliseconds. */
const longestWaitMs = 20_000;

/**
 * While lines come, the daemon is asked anew so long after each answer, in milliseconds, whatever it tells meanwhile. Each
 * answer is several messages and a frame of the window, and leaves it garbage: asked more often, the median line is there a
 * little sooner, but the collector comes more often too and keeps the late ones much longer.
 */
const chaseMs = 42;

/** Lines count as coming for so long after the last one, in milliseconds. */
const chasingMs = 1_000;

/**
 * Answers what the page reads, one read after the other. A page that follows sends several reads ahead, each going on
 * where the one before ended: what comes is on its way at once, and no more of it than the page has asked for.
 */
export class LogReads {
  readonly #daemon: DaemonPort;
  readonly #answer: AnswerQuestion;
  /** The reads without an answer; the first of them is looked for. */
  #reads: readonly Read[] = [];
  /** Where the first of them begins. */
  #from = 0;
  /** Until when it may wait; this and the other times by `performance.now()`, which no clock that is set moves. */
  #until = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Something has come since the daemon was asked. */
  #woken = false;
  #lastLineAt = Number.NEGATIVE_INFINITY;

  constructor(daemon: DaemonPort, answer: AnswerQuestion) {
    this.#daemon = daemon;
    this.#answer = answer;
  }

  /** Answers a read in its turn, at once or when there is something, as it asks. */
  take(read: Read): void {
    if (read.from !== undefined) {
      this.forget();
      this.#from = read.from;
    }
    this.#reads = [...this.#reads, read];
    if (this.#reads.length === 1) {
      this.#begin(read);
    }
  }

  /** There may be something for the read that waits. While lines come it is looked for soon by itself. */
  wake(): void {
    this.#woken = true;
    if (this.#timer !== undefined && !this.#isChasing) {
      this.#look();
    }
  }

  /** Nobody waits for an answer any more. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#reads = [];
  }

  #begin(read: Read): void {
    this.#until = read.wait ? performance.now() + longestWaitMs : 0;
    this.#look();
  }

  #look(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#woken = false;
    const [read] = this.#reads;
    if (!read) {
      return;
    }
    void this.#answer(read.id, async logId => {
      try {
        const batch = await this.#readBatch(logId, read);
        return this.#reads[0] === read ? this.#decide(read, batch) : undefined;
      } catch (error) {
        this.#reads = this.#reads[0] === read ? [] : this.#reads;
        throw error;
      }
    });
  }

  #decide(read: Read, batch: LogBatch): ToLogPage | undefined {
    if (batch.count === 0 && performance.now() < this.#until) {
      this.#lookAgain();
      return undefined;
    }
    this.#from = batch.from + batch.count;
    this.#reads = this.#reads.slice(1);
    const [next] = this.#reads;
    if (next) {
      // A little later: lines that come one by one travel together.
      this.#until = performance.now() + longestWaitMs;
      this.#lookAgain();
    }
    return { type: 'read', id: read.id, batch };
  }

  /** Looks soon while lines come, at once when woken meanwhile, otherwise at the end of the wait. */
  #lookAgain(): void {
    const afterMs = this.#isChasing ? chaseMs : this.#woken ? 0 : this.#until - performance.now();
    this.#timer = setTimeout(() => this.#look(), afterMs);
  }

  get #isChasing(): boolean {
    return performance.now() - this.#lastLineAt < chasingMs;
  }

  async #readBatch(logId: string, { filterId, limit }: Read): Promise<LogBatch> {
    const filter = filterId === undefined ? {} : { filterId };
    const batch = await this.#daemon.request('log.read', { logId, from: this.#from, limit, ...filter });
    if (batch.count > 0) {
      this.#lastLineAt = performance.now();
    }
    return batch;
  }
}
