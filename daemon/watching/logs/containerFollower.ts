import { ClusterError } from '../../clusters/clusterError.ts';
import { Sleeper } from '../../clusters/sleeper.ts';
import { buildWatchPause } from '../../clusters/watchBackoff.ts';
import type { PodFacts } from '../../model/podFacts.ts';
import { findLogged } from './listLogged.ts';
import { RunSequence, type RunSequenceOptions } from './runSequence.ts';

/** What a follower needs, and who hears of it. */
export type ContainerFollowerOptions = RunSequenceOptions & {
  /** Awaited before each connection: throws while the right cluster does not answer. */
  readonly confirmIdentity: () => Promise<void>;
  /** Told of every connection that failed or broke. */
  readonly onBreak: () => void;
};

/** The cluster is asked again after this time although nothing was told, in milliseconds. */
const askAgainMs = 30_000;
/** A connection that was open so long was a success, also without a byte. */
const goodMs = 1_000;
/** Without a line to know a run by, the cluster gets time to say that it is another one, in milliseconds. */
const namelessMs = 1_000;

/**
 * Follows the log of one container of one pod over cut connections, restarts and rotations, every line once and in its
 * order, until its pod is gone. What cannot be had becomes a gap.
 */
export class ContainerFollower {
  readonly #options: ContainerFollowerOptions;
  readonly #disposal = new AbortController();
  readonly #runs: RunSequence;
  readonly #sleeper = new Sleeper();
  #news: string;
  #failures = 0;

  constructor(options: ContainerFollowerOptions) {
    this.#options = options;
    this.#news = describeNews(options.pod, options.place.container);
    this.#runs = new RunSequence(options, this.#disposal.signal);
  }

  start(): void {
    void this.#follow();
  }

  /** What the watch says of the pod now; absent when it has gone. */
  update(pod: PodFacts | undefined): void {
    const news = describeNews(pod, this.#options.place.container);
    if (news !== this.#news) {
      this.#news = news;
      this.#sleeper.wake();
    }
    this.#runs.update(pod);
  }

  /** The cluster answers again. */
  reconnect(): void {
    this.#sleeper.wake();
    this.#runs.renew();
  }

  dispose(): void {
    this.#disposal.abort();
    this.#runs.dispose();
    this.#sleeper.wake();
  }

  get #isDisposed(): boolean {
    return this.#disposal.signal.aborted;
  }

  async #follow(): Promise<void> {
    while (!this.#isDisposed) {
      const { received } = this.#runs;
      const begun = performance.now();
      try {
        await this.#options.confirmIdentity();
        const next = await this.#runs.next();
        if (next === 'end' || this.#isDisposed) {
          break;
        }
        if (next === 'wait') {
          await this.#sleeper.sleep(askAgainMs);
        } else if (
          next === 'again' &&
          this.#runs.received === received &&
          performance.now() - begun < goodMs
        ) {
          // A log that ends as soon as it is opened must not be asked for without a pause.
          await this.#pause(undefined);
        } else {
          this.#failures = 0;
        }
      } catch (error) {
        if (this.#isDisposed) {
          break;
        }
        if (this.#runs.received > received || this.#runs.openMs > goodMs) {
          this.#failures = 0;
        }
        await this.#fail(error);
      }
    }
    this.#runs.leaveHistory();
  }

  async #fail(error: unknown): Promise<void> {
    const { onState, onBreak } = this.#options;
    this.#runs.fail(error);
    const known = error instanceof ClusterError ? error : undefined;
    if (known?.kind === 'forbidden') {
      onState('failed', known.message);
      this.#runs.leaveHistory();
      await this.#sleeper.sleep(askAgainMs);
      return;
    }
    // A container that has not begun yet has no log.
    const why = error instanceof Error ? error.message : String(error);
    onState(known?.kind === 'invalid' ? 'waiting' : 'reconnecting', why);
    if (known === undefined || known.kind === 'unreachable') {
      onBreak();
    }
    await this.#pause(known?.retryAfterMs);
  }

  async #pause(retryAfterMs: number | undefined): Promise<void> {
    const failures = this.#failures;
    this.#failures += 1;
    const milliseconds = buildWatchPause({ failures, random: Math.random(), retryAfterMs });
    await this.#sleeper.sleep(this.#runs.isNameless ? Math.max(milliseconds, namelessMs) : milliseconds);
  }
}

/** What of the watch's news matters to the log. */
function describeNews(pod: PodFacts | undefined, name: string): string {
  const container = findLogged(pod, name);
  return pod ? `${pod.phase} ${container?.run?.id} ${container?.state.type} ${container?.restarts}` : '';
}
