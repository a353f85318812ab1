import { LineSplitter, type LogLines } from '../../clusters/logLines.ts';
import { LogStamp } from '../../clusters/logStamp.ts';
import type { FollowerSink, LogRemark, TimedLines } from './followerSink.ts';
import { buildLeftOut, buildRotated, type Span } from './gapWords.ts';
import { hashLine } from './hashLine.ts';
import { type HeldLine, HeldLines } from './heldLines.ts';
import type { CatchUp, CatchUpVerdict, ResumeWindow } from './resumeWindow.ts';

/** Turns the bytes of one connection after another into the lines of one container, each once. */
export class LineIntake {
  readonly #window: ResumeWindow;
  readonly #sink: FollowerSink;
  readonly #stamp = new LogStamp();
  #splitter = new LineSplitter();
  #catchUp: CatchUp | undefined;
  #held = new HeldLines();
  #part: { readonly catchUp: CatchUp | undefined; readonly held: HeldLines } | undefined;
  #stopWhenLost = false;
  #isLost = false;
  #describeLoss: (span: Span) => string = buildRotated;
  #lastTime: number | undefined;
  #received = 0;
  #known = 0;

  constructor(window: ResumeWindow, sink: FollowerSink) {
    this.#window = window;
    this.#sink = sink;
  }

  /** When the newest line was written, in microseconds since 1970; absent before the first. */
  get lastTime(): number | undefined {
    return this.#lastTime;
  }

  /** How many lines were given on. */
  get received(): number {
    return this.#received;
  }

  /** How many lines are known: those that were given on, and those that were not wanted. */
  get known(): number {
    return this.#known;
  }

  /**
   * A new connection: what came of an unfinished line comes again, and what is known already is looked for. With
   * `stopWhenLost` nothing more is taken when it is not found: it may be somewhere else.
   */
  reconnect(options: { readonly stopWhenLost: boolean }): void {
    this.#drop();
    this.#catchUp = this.#window.isEmpty ? undefined : this.#window.resume();
    this.#stopWhenLost = options.stopWhenLost;
  }

  /** One part of the log has been read to its end; what was looked for in vain may be in the next. */
  finishPart(): void {
    this.#part = this.isSearching ? { catchUp: this.#catchUp?.clone(), held: this.#held.clone() } : undefined;
  }

  /** A new connection to the part after the one that `finishPart` ended: goes on looking. */
  continue(): void {
    this.#splitter = new LineSplitter();
    this.#stopWhenLost = false;
    this.#isLost = false;
    this.#catchUp = this.#part?.catchUp?.clone();
    this.#held = this.#part?.held.clone() ?? new HeldLines();
  }

  /** Why lines are missing, should what was received last not come again. */
  explainLoss(describe: (span: Span) => string): void {
    this.#describeLoss = describe;
  }

  /** Everything from here on is new. With `isLimited` other lines may stand before it, which were not wanted. */
  restart({ isLimited = false }: { readonly isLimited?: boolean } = {}): void {
    this.#drop();
    this.#catchUp = undefined;
    this.#window.begin({ isLimited });
  }

  /** True while what was received last has not come again. */
  get isSearching(): boolean {
    return this.#catchUp?.isSearching ?? false;
  }

  /** True when what was received last has not come again, and nothing more is taken. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** True while lines wait for the decision whether others are missing before them. */
  get isHolding(): boolean {
    return !this.#held.isEmpty;
  }

  push(chunk: Buffer): void {
    this.#splitter.push(chunk, (lines, leftOut) => this.#take(lines, leftOut));
  }

  /** The container has ended: its last line needs no end. */
  flush(): void {
    this.#splitter.flush((lines, leftOut) => this.#take(lines, leftOut));
  }

  /** Nothing more will come at all: what is held is given on. */
  surrender(): void {
    this.#stopWhenLost = false;
    this.giveUp();
  }

  /** What was received last will not come again: lines may be missing before what is held. */
  giveUp(): void {
    if (this.isSearching) {
      if (this.#stopWhenLost) {
        this.#isLost = true;
      } else {
        this.#catchUp?.giveUp();
        this.#releaseHeld();
      }
    }
  }

  /** Only remembers the lines, so that the log can be followed from here on. */
  anchor(chunk: Buffer): void {
    this.#window.begin({ isLimited: true });
    this.#splitter.push(chunk, ({ bytes, ends }) => {
      let start = 0;
      for (const end of ends) {
        if (this.#stamp.read(bytes, start, end - 1)) {
          const { seconds, microseconds } = this.#stamp;
          this.#window.saw(hashLine(bytes, start, end - 1), seconds, microseconds);
          this.#known += 1;
        }
        start = end;
      }
    });
  }

  /** Something to say after the lines that came so far. */
  remark(kind: LogRemark['kind'], text: string): void {
    const remark = { kind, text, time: this.#lastTime ?? nowMicroseconds() };
    if (this.isHolding) {
      this.#held.add(remark);
    } else {
      this.#sink.remark(remark);
    }
  }

  #drop(): void {
    this.#describeLoss = buildRotated;
    this.#stopWhenLost = false;
    this.#isLost = false;
    this.#splitter = new LineSplitter();
    this.#held = new HeldLines();
  }

  #take(lines: LogLines, leftOut: number): void {
    const { bytes, ends } = lines;
    let run = new Run(bytes, 0);
    let start = 0;
    for (const end of this.#isLost ? [] : ends) {
      if (this.#stamp.read(bytes, start, end - 1)) {
        const { seconds, microseconds } = this.#stamp;
        const key = hashLine(bytes, start, end - 1);
        const verdict = this.#offer(key);
        if (verdict === 'new') {
          this.#window.saw(key, seconds, microseconds);
          run.add(end, microseconds);
        } else {
          this.#give(run);
          run = new Run(bytes, end);
          this.#judge(verdict, { line: cut(lines, start, end, microseconds), key });
          if (this.#isLost) {
            return;
          }
        }
      } else {
        this.#give(run);
        run = new Run(bytes, end);
        this.#takeForeign(bytes.toString('utf8', start, end - 1));
      }
      start = end;
    }
    this.#give(run);
    if (leftOut > 0) {
      this.remark('gap', buildLeftOut(leftOut));
    }
  }

  /** What the line whose time was read last means. */
  #offer(key: number): CatchUpVerdict {
    const { seconds, microseconds } = this.#stamp;
    return this.#catchUp && !this.#catchUp.isDone ? this.#catchUp.offer(key, seconds, microseconds) : 'new';
  }

  #judge(verdict: 'old' | 'held' | 'found' | 'lost', held: HeldLine): void {
    switch (verdict) {
      case 'old':
        return;
      case 'found':
        this.#held = new HeldLines();
        return;
      case 'held':
        this.#hold(held);
        return;
      case 'lost':
        this.#hold(held);
        this.giveUp();
    }
  }

  #hold(held: HeldLine): void {
    this.#held.add(held);
    if (this.#held.isFull) {
      this.giveUp();
    }
  }

  /** Said once it is known that what was received last is gone. */
  #releaseHeld(): void {
    const held = this.#held.take();
    const first = held.find(one => 'line' in one)?.line.times[0];
    const from = this.#lastTime;
    this.#sink.remark({
      kind: 'gap',
      time: from ?? first ?? nowMicroseconds(),
      text: this.#describeLoss({ from, until: first }),
    });
    for (const one of held) {
      if ('line' in one) {
        const time = one.line.times[0] ?? 0;
        this.#window.saw(one.key, Math.floor(time / 1_000_000), time);
        this.#send(one.line);
      } else {
        this.#sink.remark(one);
      }
    }
  }

  /** A line without a time is the kubelet's or the runtime's own: that it cannot read the log, and why. */
  #takeForeign(text: string): void {
    if (text !== '') {
      this.remark('notice', text);
    }
  }

  #give(run: Run): void {
    if (run.ends.length > 0) {
      this.#send(run.build());
    }
  }

  #send(lines: TimedLines): void {
    for (const time of lines.times) {
      if (this.#lastTime === undefined || time > this.#lastTime) {
        this.#lastTime = time;
      }
    }
    this.#received += lines.times.length;
    this.#known += lines.times.length;
    this.#sink.lines(lines);
  }
}

/** Lines of a chunk that stand side by side, so that they can be given on without copying. */
class Run {
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly ends: number[] = [];
  readonly #times: number[] = [];

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes;
    this.#start = start;
  }

  add(end: number, microseconds: number): void {
    this.ends.push(end - this.#start);
    this.#times.push(microseconds);
  }

  build(): TimedLines {
    const bytes = this.#bytes.subarray(this.#start, this.#start + (this.ends.at(-1) ?? 0));
    return { bytes, ends: this.ends, times: this.#times };
  }
}

function cut({ bytes }: LogLines, start: number, end: number, time: number): TimedLines {
  return { bytes: bytes.subarray(start, end), ends: [end - start], times: [time] };
}

function nowMicroseconds(): number {
  return Date.now() * 1000;
}
