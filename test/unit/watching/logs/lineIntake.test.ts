import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineIntake } from '../../../../daemon/watching/logs/lineIntake.ts';
import { ResumeWindow } from '../../../../daemon/watching/logs/resumeWindow.ts';
import { KeptLines, type SimulatedLine, serve, writeLine } from './simulatedLog.ts';

const start = Date.parse('2026-11-25T21:00:00Z');

/** Lines that come in steps of up to two seconds, many at the same time, some a little out of order. */
const linesArbitrary = fc
  .array(
    fc.record({ step: fc.constantFrom(0, 0, 0, 1, 200, 999, 2_000), back: fc.constantFrom(0, 0, 0, 3) }),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map(steps => {
    let at = start;
    return steps.map(({ step, back }, index): SimulatedLine => {
      at += step;
      return { at: at - back, text: `line ${index}` };
    });
  });

/** A connection: how many lines have been written when it is cut, and how many of the bytes have arrived then. */
const cutsArbitrary = fc.array(
  fc.record({
    written: fc.double({ min: 0, max: 1, noNaN: true }),
    arrived: fc.double({ min: 0, max: 1, noNaN: true }),
    rotated: fc.boolean(),
  }),
  { maxLength: 8 },
);

class Reader {
  readonly window = new ResumeWindow();
  readonly sink = new KeptLines();
  readonly intake = new LineIntake(this.window, this.sink);

  get since(): number | undefined {
    return this.window.isEmpty ? undefined : this.window.sinceSecond;
  }

  /** Reads the last lines alone. */
  openTail(lines: readonly SimulatedLine[], tailLines: number): void {
    this.intake.restart({ isLimited: true });
    this.intake.push(serve(lines.slice(-tailLines), undefined));
  }

  /** One connection that brings some of the bytes, in pieces. */
  connect(bytes: Buffer, arrived: number): void {
    if (this.since === undefined) {
      this.intake.restart();
    } else {
      this.intake.reconnect({ stopWhenLost: false });
    }
    const cut = bytes.subarray(0, Math.round(bytes.length * arrived));
    for (let at = 0; at < cut.length; at += 37) {
      this.intake.push(cut.subarray(at, at + 37));
    }
  }
}

describe('the lines of a log that is read over one connection after another', () => {
  it('P-06a come each once and in order, wherever the connections are cut, and no gap is shown', () => {
    fc.assert(
      fc.property(linesArbitrary, cutsArbitrary, (lines, cuts) => {
        const reader = new Reader();
        const sorted = cuts.toSorted((left, right) => left.written - right.written);
        for (const { written, arrived } of [...sorted, { written: 1, arrived: 1 }]) {
          const there = lines.slice(0, Math.round(lines.length * written));
          reader.connect(serve(there, reader.since), arrived);
        }
        reader.intake.giveUp();
        assert.deepEqual(
          reader.sink.texts,
          lines.map(({ text }) => text),
        );
        assert.equal(reader.sink.gaps, 0);
      }),
      { numRuns: 500 },
    );
  });

  it('P-06d come each once and in order also when the log is rotated, and every loss is shown as a gap', () => {
    fc.assert(
      fc.property(linesArbitrary, cutsArbitrary, (lines, cuts) => {
        const reader = new Reader();
        const sorted = cuts.toSorted((left, right) => left.written - right.written);
        let first = 0;
        for (const { written, arrived, rotated } of [...sorted, { written: 1, arrived: 1, rotated: false }]) {
          const there = Math.round(lines.length * written);
          if (rotated) {
            first = Math.max(first, Math.min(there, first + 7));
          }
          reader.connect(serve(lines.slice(first, there), reader.since), arrived);
          if (arrived === 1) {
            reader.intake.giveUp();
          }
        }
        const seen = reader.sink.texts.map(text => Number(text.slice(5)));
        assert.deepEqual(
          seen,
          [...new Set(seen)].toSorted((left, right) => left - right),
        );
        for (const [index, number] of seen.entries()) {
          const before = seen[index - 1] ?? -1;
          // What was there before anybody read is not missing.
          if (index > 0 && number !== before + 1) {
            assert.ok(
              reader.sink.remarks.some(({ kind, after }) => kind === 'gap' && after === index),
              `nothing is said between ${before} and ${number}`,
            );
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('P-06f are the last ones in order and without a gap when no more were wanted of a burst, also when the connection stalls', () => {
    const reader = new Reader();
    const burst = Array.from({ length: 100_000 }, (_, index): SimulatedLine => {
      // The first line that is wanted is late: lines before it are newer than it.
      const late = index % 20 === 0 ? 2 : 0;
      return { at: start + Math.floor(index / 60) - late, text: `line ${index} ${'x'.repeat(80)}` };
    });
    reader.openTail(burst, 1_000);
    const bytes = serve(burst, reader.since);
    assert.ok(bytes.length > 10 * 1024 * 1024);
    reader.intake.reconnect({ stopWhenLost: true });
    reader.intake.push(bytes.subarray(0, bytes.length / 2));
    assert.ok(!reader.intake.isHolding, 'a stalled connection would count as a loss');
    reader.intake.push(bytes.subarray(bytes.length / 2));
    reader.intake.push(serve([{ at: start + 3_000, text: 'next' }], undefined));
    assert.ok(!reader.intake.isLost);
    assert.deepEqual(reader.sink.texts, [...burst.slice(-1_000).map(({ text }) => text), 'next']);
    assert.equal(reader.sink.gaps, 0);
  });

  it('P-06f come each once and in order from the first that was wanted on, wherever the connections are cut', () => {
    fc.assert(
      fc.property(
        linesArbitrary,
        fc.integer({ min: 1, max: 30 }),
        cutsArbitrary,
        (lines, tailLines, cuts) => {
          const reader = new Reader();
          const opened = Math.ceil(lines.length / 2);
          reader.openTail(lines.slice(0, opened), tailLines);
          const sorted = cuts.toSorted((left, right) => left.written - right.written);
          for (const { written, arrived } of [...sorted, { written: 1, arrived: 1 }]) {
            const there = lines.slice(0, Math.max(opened, Math.round(lines.length * written)));
            reader.connect(serve(there, reader.since), arrived);
          }
          reader.intake.giveUp();
          assert.deepEqual(
            reader.sink.texts,
            lines.slice(Math.max(0, opened - tailLines)).map(({ text }) => text),
          );
          assert.equal(reader.sink.gaps, 0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('P-06d come after a gap also when the log is rotated before which only its last lines were wanted', () => {
    const reader = new Reader();
    const line = (milliseconds: number) => ({ at: start + milliseconds, text: `at ${milliseconds}` });
    reader.openTail([line(0), line(1), line(2)], 2);
    reader.intake.reconnect({ stopWhenLost: false });
    // One of the very time of the last that is known, and one that is new for certain.
    reader.intake.push(serve([{ at: start + 2, text: 'same time' }, line(500)], reader.since));
    reader.intake.giveUp();
    assert.deepEqual(reader.sink.texts, ['at 1', 'at 2', 'same time', 'at 500']);
    assert.deepEqual(
      reader.sink.remarks.map(({ kind, after }) => [kind, after]),
      [['gap', 2]],
    );
  });

  it('P-06d name no time before the last line as the end of a gap', () => {
    const reader = new Reader();
    reader.connect(serve([{ at: start + 500, text: 'a' }], undefined), 1);
    reader.connect(serve([{ at: start + 498, text: 'late' }], reader.since), 1);
    reader.intake.giveUp();
    assert.deepEqual(reader.sink.texts, ['a', 'late']);
    assert.match(
      reader.sink.remarks[0]?.text ?? '',
      /^Lines after 2026-11-25T21:00:00.500000000Z may be missing: the log was rotated/,
    );
  });

  it('P-06d name the time from the last line before a gap to the first after it', () => {
    const reader = new Reader();
    reader.connect(serve([{ at: start, text: 'a' }], undefined), 1);
    reader.connect(serve([{ at: start + 61_500, text: 'c' }], reader.since), 1);
    assert.deepEqual(reader.sink.texts, ['a', 'c']);
    assert.match(
      reader.sink.remarks[0]?.text ?? '',
      /from 2026-11-25T21:00:00.000000000Z to 2026-11-25T21:01:01.500000000Z \(1 min 1 s\) may be missing: the log was rotated/,
    );
  });

  it('P-06a tell lines of the same time and the same text apart by their number', () => {
    const reader = new Reader();
    const same = (count: number) => Array.from({ length: count }, () => ({ at: start, text: 'same' }));
    reader.connect(serve(same(3), undefined), 1);
    reader.connect(serve(same(5), reader.since), 1);
    assert.equal(reader.sink.texts.length, 5);
    assert.equal(reader.sink.gaps, 0);
  });

  it('P-06g hold a last line without its end until it comes, and give it out when the container has ended', () => {
    const reader = new Reader();
    reader.intake.restart();
    reader.intake.push(
      Buffer.from(`${writeLine({ at: start, text: 'whole' })}2026-11-25T21:00:01.000000000Z ha`),
    );
    assert.deepEqual(reader.sink.texts, ['whole']);
    reader.intake.reconnect({ stopWhenLost: false });
    reader.intake.push(serve([{ at: start, text: 'whole' }], reader.since));
    reader.intake.push(Buffer.from('2026-11-25T21:00:01.000000000Z half'));
    assert.deepEqual(reader.sink.texts, ['whole']);
    reader.intake.flush();
    assert.deepEqual(reader.sink.texts, ['whole', 'half']);
  });

  it('P-06c are looked for in the run before and then in the present one, each once', () => {
    const reader = new Reader();
    const line = (second: number) => ({ at: start + second * 1000, text: `second ${second}` });
    // The connection went on into the new run, as KWOK's do.
    reader.connect(serve([line(0), line(1), line(2)], undefined), 1);
    reader.intake.reconnect({ stopWhenLost: false });
    reader.intake.push(serve([line(0), line(1)], reader.since));
    reader.intake.flush();
    reader.intake.finishPart();
    for (const arrived of [0.5, 1]) {
      reader.intake.continue();
      const bytes = serve([line(2), line(3)], reader.since);
      reader.intake.push(bytes.subarray(0, bytes.length * arrived));
    }
    assert.deepEqual(reader.sink.texts, ['second 0', 'second 1', 'second 2', 'second 3']);
    assert.equal(reader.sink.gaps, 0);
  });

  it('P-06d decide about a gap also when nothing more comes', () => {
    const reader = new Reader();
    reader.connect(serve([{ at: start, text: 'a' }], undefined), 1);
    reader.connect(serve([{ at: start + 500, text: 'b' }], reader.since), 1);
    assert.deepEqual(reader.sink.texts, ['a']);
    assert.ok(reader.intake.isHolding);
    reader.intake.giveUp();
    assert.deepEqual(reader.sink.texts, ['a', 'b']);
    assert.equal(reader.sink.gaps, 1);
  });

  it('show what the kubelet says itself as a notice', () => {
    const reader = new Reader();
    reader.connect(Buffer.from('unable to retrieve container logs for containerd://5ca1e\n'), 1);
    assert.deepEqual(reader.sink.texts, []);
    assert.deepEqual(
      reader.sink.remarks.map(({ kind, text }) => [kind, text]),
      [['notice', 'unable to retrieve container logs for containerd://5ca1e']],
    );
  });
});
