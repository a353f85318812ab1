import type { ContainerFacts, ContainerRun, PodFacts } from '../../model/podFacts.ts';
import { describeContainerEnd } from '../../model/podFailure.ts';
import type { LogSource } from '../../protocol/log.ts';
import { decideRest, describeWaiting } from './containerRest.ts';
import { buildFollowedRun, type FollowedRun } from './followedRun.ts';
import type { FollowerSink } from './followerSink.ts';
import { buildPodGone, buildRunsLost } from './gapWords.ts';
import { findLogged } from './listLogged.ts';
import { LogHistory } from './logHistory.ts';
import { isLogAbsent, type LogPlace, lookAtContainer } from './openRun.ts';
import { PreviousLog } from './previousLog.ts';
import { type LogSelection, type ReadPart, RunReader } from './runReader.ts';

/** Whose log is read, what of it, and who hears of it. */
export type RunSequenceOptions = {
  readonly place: LogPlace;
  /** The pod as the watch knows it. */
  readonly pod: PodFacts;
  readonly selection: LogSelection;
  /** True: reads the run before the last restart, and follows nothing. */
  readonly previous: boolean;
  readonly sink: FollowerSink;
  /** Told when everything that was written before now has been read; resolves when the others have read theirs. */
  readonly onHistory: () => Promise<void>;
  readonly onState: (state: LogSource['state'], reason?: string) => void;
  /** A connection that was silent so long is opened anew, in milliseconds: it may be dead, or the log rotated. */
  readonly quietMs: number;
};

/** `now`: go on at once; `again`: go on, with a pause when nothing came; `wait`: until there is news. */
export type Next = 'now' | 'again' | 'wait' | 'end';

/** Decides what of a container's log is read next: one run after the other, each to its end. */
export class RunSequence {
  readonly #options: RunSequenceOptions;
  readonly #signal: AbortSignal;
  readonly #reader: RunReader;
  readonly #history: LogHistory;
  readonly #previousLog: PreviousLog;
  #watched: PodFacts | undefined;
  #run: FollowedRun | undefined;
  /** The last connection ended as one does whose log has ended. */
  #endedCleanly = false;

  constructor(options: RunSequenceOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#watched = options.pod;
    this.#reader = new RunReader({
      place: options.place,
      sink: options.sink,
      quietMs: options.quietMs,
      signal,
      onOpened: () => {
        options.onState('live');
        this.#tellStream();
      },
    });
    this.#history = new LogHistory(options.selection, options.onHistory);
    this.#previousLog = new PreviousLog(this.#reader);
  }

  /** How many lines have been given on. */
  get received(): number {
    return this.#reader.intake.received;
  }

  /** How long the last connection was open, in milliseconds; 0 when it was not. */
  get openMs(): number {
    return this.#reader.openMs;
  }

  /** True when a run is read of which no line is known: nothing would show that another one has begun. */
  get isNameless(): boolean {
    return this.#run !== undefined && this.#reader.hasNothing && !this.#history.isPending;
  }

  /** What the watch says of the pod now; absent when it has gone. */
  update(pod: PodFacts | undefined): void {
    this.#watched = pod;
    this.#tellStream();
  }

  /** Opens the connection anew, unless it has just proved that it lives. */
  renew(): void {
    this.#reader.stream?.renewUnlessBusy();
  }

  dispose(): void {
    this.#reader.stream?.end('disposed');
  }

  /** A connection failed; what was read before may still be all there was. */
  fail(error: unknown): void {
    // The log of a container that is gone is gone, too: nothing of it is missing.
    this.#endedCleanly &&= isLogAbsent(error);
  }

  /** What was written before now will not be waited for any longer. */
  leaveHistory(): void {
    this.#history.leave();
  }

  /** Looks at the container and reads what comes next, over one connection. Throws a ClusterError. */
  async next(): Promise<Next> {
    const { place, onState } = this.#options;
    const look = await lookAtContainer(place, this.#signal);
    if (look.type === 'gone') {
      this.#finishGone();
      return 'end';
    }
    const { pod, container } = look;
    if (this.#options.previous) {
      return await this.#readPreviousOnly(container);
    }
    if (!container.run) {
      this.#history.leave();
      onState('waiting', describeWaiting(container));
      return 'wait';
    }
    this.#run ??= buildFollowedRun(container.run, container);
    this.#adopt(container);
    if (this.#run.id !== container.run.id) {
      return await this.#readEarlier(this.#run, { ...container, run: container.run });
    }
    if (container.state.type === 'running') {
      this.#run.restarts = container.restarts;
      this.#run.isRead = false;
      return await this.#readRunning(this.#run);
    }
    return this.#run.isRead ? this.#rest(pod, container) : await this.#readEnded(this.#run);
  }

  /** Everything is read and nothing runs: a restart may bring more. */
  #rest(pod: PodFacts, container: ContainerFacts): Next {
    this.#history.leave();
    const { state, reason, isFinal } = decideRest(pod, container);
    this.#options.onState(state, reason);
    return isFinal ? 'end' : 'wait';
  }

  async #readRunning(run: FollowedRun): Promise<Next> {
    if (this.#history.isPending) {
      return await this.#readHistory(run);
    }
    const end = await this.#reader.read(
      { id: run.id, previous: false },
      { follow: true, ...this.#reader.rest() },
    );
    this.#endedCleanly = end === 'closed' || end === 'drained';
    return end === 'lost' ? await this.#searchPrevious(run) : 'again';
  }

  async #readHistory(run: FollowedRun): Promise<Next> {
    const part = this.#selectPart();
    if (part.tailLines !== 0) {
      const end = await this.#reader.read({ id: run.id, previous: false }, part);
      if (end === 'lost') {
        return await this.#searchPrevious(run);
      }
      if (end !== 'closed') {
        return 'again';
      }
    }
    if (this.#history.isLimited && this.#reader.hasNothing && !(await this.#reader.anchor(run))) {
      return 'again';
    }
    await this.#history.finish(this.#signal);
    return 'now';
  }

  /** The run is over: what is left of it, with a last line that has no end. */
  async #readEnded(run: FollowedRun): Promise<Next> {
    const part = this.#history.isPending ? this.#selectPart() : { follow: false, ...this.#reader.rest() };
    const end = await this.#reader.read({ id: run.id, previous: false }, part);
    if (end === 'lost') {
      return await this.#searchPrevious(run);
    }
    if (end !== 'closed') {
      return 'again';
    }
    this.#reader.intake.flush();
    run.isRead = true;
    this.#endedCleanly = true;
    return 'now';
  }

  async #searchPrevious(run: FollowedRun): Promise<Next> {
    const answer = await this.#previousLog.search();
    if (answer === 'again') {
      return 'again';
    }
    run.isOver = answer === 'found';
    if (run.isOver) {
      this.#reader.intake.remark('notice', `Container ${this.#options.place.container} was restarted.`);
    }
    this.#reader.beginPart();
    return 'now';
  }

  /** The cluster says now what the logs have shown before. */
  #adopt(container: ContainerFacts): void {
    if (this.#run?.isOver && container.run && container.previousRun?.id === this.#run.id) {
      this.#run = buildFollowedRun(container.run, container);
    }
  }

  /** The container was restarted since: the run that was read last may have written more. */
  async #readEarlier(
    run: FollowedRun,
    container: ContainerFacts & { readonly run: ContainerRun },
  ): Promise<Next> {
    const { previousRun } = container;
    if (previousRun?.id === run.id) {
      if (!run.isRead && !(await this.#previousLog.readRest(run))) {
        return 'again';
      }
      this.#enter(container.run, container);
      return 'now';
    }
    if (!run.isRead || container.restarts - run.restarts > 2) {
      const until = Date.parse(previousRun?.startedAt ?? container.run.startedAt ?? '') * 1000;
      const from = this.#reader.intake.lastTime;
      this.#reader.intake.remark(
        'gap',
        buildRunsLost({ from, until: Number.isNaN(until) ? undefined : until }),
      );
    }
    this.#reader.intake.restart();
    this.#enter(previousRun ?? container.run, container);
    return 'now';
  }

  #enter(run: ContainerRun, container: ContainerFacts): void {
    this.#history.leave();
    const end = container.lastEnd ? ` (${describeContainerEnd(container.lastEnd)})` : '';
    this.#reader.intake.remark('notice', `Container ${container.name} was restarted${end}.`);
    this.#reader.beginPart();
    this.#run = buildFollowedRun(run, container);
    this.#endedCleanly = false;
  }

  async #readPreviousOnly(container: ContainerFacts): Promise<Next> {
    const { previousRun } = container;
    if (!previousRun) {
      this.#options.onState('ended', `Container ${container.name} has not been restarted.`);
      return 'end';
    }
    if (!(await this.#previousLog.readAll(previousRun, this.#selectPart()))) {
      return 'again';
    }
    this.#options.onState('ended');
    return 'end';
  }

  /** What is wanted of what was written before now, or what is left of it. */
  #selectPart(): ReadPart {
    return { follow: false, ...(this.#reader.hasNothing ? this.#history.query : this.#reader.rest()) };
  }

  #tellStream(): void {
    const { stream } = this.#reader;
    if (!stream || !this.#run) {
      return;
    }
    if (!this.#watched) {
      stream.drain('gone');
      return;
    }
    const seen = findLogged(this.#watched, this.#options.place.container);
    if (seen) {
      this.#adopt(seen);
    }
    if (seen?.run && seen.run.id !== this.#run.id) {
      stream.drain('restarted');
    }
  }

  #finishGone(): void {
    const { pod, place, onState } = this.#options;
    const { intake } = this.#reader;
    intake.surrender();
    if (this.#run?.isRead || this.#endedCleanly) {
      intake.flush();
    } else if (this.#run || hasRun(this.#watched ?? pod, place.container)) {
      const from = intake.lastTime ?? Date.parse(this.#run?.startedAt ?? pod.createdAt) * 1000;
      intake.remark('gap', buildPodGone({ from, until: Math.max(from, Date.now() * 1000) }));
    }
    onState('ended', 'The pod was deleted.');
  }
}

function hasRun(pod: PodFacts, name: string): boolean {
  return findLogged(pod, name)?.run !== undefined;
}
