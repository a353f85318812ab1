import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LogStamp, writeSeconds, writeStamp } from '../../../daemon/clusters/logStamp.ts';

function read(line: string) {
  const stamp = new LogStamp();
  const bytes = Buffer.from(line);
  return stamp.read(bytes, 0, bytes.length)
    ? { seconds: stamp.seconds, microseconds: stamp.microseconds, text: line.slice(stamp.textAt) }
    : undefined;
}

describe('the time before a line of a log', () => {
  it('is read with its fraction, whatever its length', () => {
    const seconds = Date.parse('2026-11-25T21:24:25Z') / 1000;
    for (const [fraction, microseconds] of [
      ['', 0],
      ['.5', 500_000],
      ['.123456789', 123_456.789],
      ['.000001', 1],
    ] as const) {
      const found = read(`2026-11-25T21:24:25${fraction}Z a text`);
      assert.equal(found?.seconds, seconds);
      assert.ok(Math.abs((found?.microseconds ?? 0) - seconds * 1e6 - microseconds) < 0.3);
      assert.equal(found?.text, 'a text');
    }
  });

  it('is in UTC, also where the runtime writes the zone of its node', () => {
    assert.equal(read('2026-11-25T23:24:25.5+02:00 x')?.seconds, Date.parse('2026-11-25T21:24:25Z') / 1000);
    assert.equal(read('2026-11-25T01:24:25-05:30 x')?.seconds, Date.parse('2026-11-25T06:54:25Z') / 1000);
  });

  it('is the same as any other reader reads it', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1971-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }),
        date => {
          const seconds = Math.floor(date.getTime() / 1000);
          const found = read(`${date.toISOString()} x`);
          assert.equal(found?.seconds, seconds);
          assert.equal(writeSeconds(seconds), `${date.toISOString().slice(0, 19)}Z`);
          assert.equal(read(`${writeStamp(date.getTime() * 1000)} x`)?.microseconds, date.getTime() * 1000);
        },
      ),
    );
  });

  it('may be followed by nothing', () => {
    assert.equal(read('2026-11-25T21:24:25.123456789Z ')?.text, '');
    assert.equal(read('2026-11-25T21:24:25.123456789Z')?.text, '');
  });

  it('is missing from what is no line of a container', () => {
    for (const line of [
      '',
      'unable to retrieve container logs for containerd://5ca1e',
      'rpc error: code = Unknown desc = x',
      '2026-11-25T21:24:25.123456789 no zone',
      '2026-11-25T21:24:25.123456789Zx',
    ]) {
      assert.equal(read(line), undefined, line);
    }
  });
});
