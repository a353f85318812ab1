import assert from 'node:assert/strict';
import { findSeverity, severities } from '../../../daemon/model/logSeverity.ts';
import { measureProcessorTime } from '../../builders/measureProcessorTime.ts';

const cases: readonly (readonly [string, (typeof severities)[number]])[] = [
  ['FATAL config: DATABASE_POOL_SIZE must be a number, got "ten"', 'fatal'],
  ['Error: DATABASE_POOL_SIZE must be a number, got "ten"', 'error'],
  ['    at parseNumber (file:///app/src/config/numbers.js:5:11)', 'none'],
  ['INFO  http: GET /api/agents 200 3 ms request=000000', 'info'],
  ['WARN  cache: refreshed 120 entries in 9 ms', 'warning'],
  ['2026-11-25 21:24:25.123  ERROR 1 --- [main] c.example.App : it failed', 'error'],
  ['2026-11-25T21:24:25Z [warn] low on memory', 'warning'],
  ['2026/11/25 21:24:25 [error] 31#31: *1 open() failed', 'error'],
  ['ERROR:root:it failed', 'error'],
  ['WARNING: deprecated', 'warning'],
  ['npm ERR! code 1', 'none'],
  ['E1125 21:24:25.123456       1 controller.go:12] it failed', 'error'],
  ['W1125 21:24:25.123456       1 controller.go:12] hm', 'warning'],
  ['I1125 21:24:25.123456       1 controller.go:12] Error count is 0', 'info'],
  ['time=2026-11-25T21:24:25Z level=error msg="it failed"', 'error'],
  ['level=INFO msg="no error at all"', 'info'],
  ['lvl=dbug msg=x', 'none'],
  ['{"level":"warn","msg":"Error: not so bad"}', 'warning'],
  ['{"time":"2026-11-25T21:24:25Z","severity":"CRITICAL","message":"it failed"}', 'fatal'],
  ['{"level":30,"msg":"pino"}', 'info'],
  ['{"level":50,"msg":"pino"}', 'error'],
  ['{"level": 3, "msg": "syslog"}', 'error'],
  ['{"@timestamp":"x","log.level":"debug"}', 'debug'],
  ['{"msg":"{\\"level\\":\\"error\\"}"}', 'none'],
  ['{"msg":"nothing said"}', 'none'],
  ['panic: runtime error: index out of range', 'fatal'],
  ['Traceback (most recent call last):', 'error'],
  ['java.lang.IllegalStateException: it failed', 'error'],
  ['Exception in thread "main" java.lang.Error', 'error'],
  ['DEBUG [worker-3] looked', 'debug'],
  ['[TRACE] in', 'trace'],
  ['10.0.0.1 - - [25/Nov/2026:21:24:25 +0000] "GET /error HTTP/1.1" 200 12', 'none'],
  ['Terror in the air, no information', 'none'],
  ['the handler returned an error to its caller', 'none'],
  ['', 'none'],
  ['\u001b[32mINFO\u001b[0m coloured', 'info'],
  ['\u001b[31m[ERROR]\u001b[39m coloured', 'error'],
  ['2026-11-25 21:24:25 UTC [31] LOG:  database system is ready', 'none'],
  ['2026-11-25 21:24:25 UTC [31] FATAL:  password authentication failed', 'fatal'],
];

describe('the severity of a line', () => {
  for (const [line, expected] of cases) {
    it(`is ${expected} for ${JSON.stringify(line).slice(0, 70)}`, () => {
      assert.equal(severities[findSeverity(line)], expected);
    });
  }

  it('is found in a megabyte as fast as in a short line', () => {
    const line = `${'a '.repeat(500_000)}ERROR`;
    const spent = measureProcessorTime(() => {
      for (let time = 0; time < 100; time += 1) {
        findSeverity(line);
      }
    });
    assert.ok(spent < 500, `${spent} ms`);
  });
});
