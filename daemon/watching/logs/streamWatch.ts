import { untilAborted } from '../../clusters/clusterAnswer.ts';
import type { LineIntake } from './lineIntake.ts';

/**
 * Why this end has cut a connection: `drained` when its pod is gone and nothing more came, `lost` when what was received
 * last has not come again.
 */
export type CutReason = 'renewed' | 'drained' | 'restarted' | 'lost' | 'disposed';

/** How often a connection is looked at, in milliseconds. */
const lookMs = 500;
/** What was received last comes again at once, or not at all. */
const searchMs = 2_000;
/** A log that nobody writes any more is silent for so long, or counts as such after so long. */
const drains = {
  gone: { idleMs: 2_000, longestMs: 30_000, reason: 'drained' },
  restarted: { idleMs: 1_000, longestMs: 3_000, reason: 'restarted' },
} as const;

/** Watches over one connection: cuts it when it is silent for too long, or when nothing more can come over it. */
export class StreamWatch {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #options: { readonly follow: boolean; readonly quietMs: number; readonly intake: LineIntake };
  #heardAt = performance.now();
  #blocked = false;
  #drain: { readonly kind: keyof typeof drains; readonly since: number } | undefined;
  #reason: CutReason | undefined;

  constructor(options: { readonly follow: boolean; readonly quietMs: number; readonly intake: LineIntake }) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), lookMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Set when this end has cut the connection. */
  get reason(): CutReason | undefined {
    return this.#reason;
  }

  /** Bytes came. */
  heard(): void {
    this.#heardAt = performance.now();
  }

  /** Waits for room; silence meanwhile is our own. */
  async whileBlocked(room: Promise<void>): Promise<void> {
    this.#blocked = true;
    try {
      await untilAborted(room, this.signal);
    } finally {
      this.#blocked = false;
      this.heard();
    }
  }

  /** No more will be written: the connection is cut when it has given everything, unless it ends by itself. */
  drain(kind: keyof typeof drains): void {
    if (this.#options.follow && this.#drain?.kind !== kind) {
      this.#drain = { kind, since: performance.now() };
    }
  }

  /** Opens the connection anew, unless it has just proved that it lives. */
  renewUnlessBusy(): void {
    if (this.#options.follow && this.#idleMs() > lookMs) {
      this.end('renewed');
    }
  }

  end(reason: CutReason): void {
    this.#reason ??= reason;
    this.#controller.abort();
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  #idleMs(): number {
    return this.#blocked ? 0 : performance.now() - this.#heardAt;
  }

  #look(): void {
    const idle = this.#idleMs();
    const { intake, follow, quietMs } = this.#options;
    if (intake.isHolding && idle > searchMs) {
      intake.giveUp();
    }
    if (intake.isLost) {
      this.end('lost');
    }
    if (this.#drain) {
      const { idleMs, longestMs, reason } = drains[this.#drain.kind];
      if (idle > idleMs || performance.now() - this.#drain.since > longestMs) {
        this.end(reason);
      }
    }
    // A log that is not followed is never silent for long.
    if (idle > (follow ? quietMs : Math.min(quietMs, silentReadMs))) {
      this.end('renewed');
    }
  }
}

const silentReadMs = 20_000;
