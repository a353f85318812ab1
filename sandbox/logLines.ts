/** What a container is doing, as far as its log is concerned. */
export interface LogSource {
  /** The pod's behaviour, chosen by its image's tag: sandbox/stages/1-choose.yaml. */
  readonly behaviour: string;
  readonly image: string;
  readonly container: string;
  readonly ready: boolean;
}

/** A line of a container's log, without time. */
export interface LogLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** What a container says when it starts; one that will crash does not get past its configuration. */
export function buildStartLines({ behaviour, image, container }: LogSource): LogLine[] {
  const starting = said(`INFO  ${container} starting, image ${image}`);
  if (behaviour === 'crash') {
    return [starting, said('INFO  config: reading /etc/agent/agent.properties')];
  }
  return [
    starting,
    said('INFO  config: read 14 settings from /etc/agent/agent.properties'),
    said('INFO  http: listening on 0.0.0.0:8080'),
  ];
}

/**
 * What a container that is about to exit with code 1 says 0.3 s after its start, the cause first.
 *
 * It is what v2.2.0 of the sample repository says when it is run with its chart's settings.
 */
export function buildCrashLines(): LogLine[] {
  return [
    cried('FATAL config: DATABASE_POOL_SIZE must be a number, got "ten"'),
    cried('Error: DATABASE_POOL_SIZE must be a number, got "ten"'),
    cried('    at parseNumber (file:///app/src/config/numbers.js:5:11)'),
    cried('    at readDatabaseSettings (file:///app/src/config/database.js:7:15)'),
    cried('    at loadConfig (file:///app/src/config/index.js:7:15)'),
    cried('    at readConfig (file:///app/src/main.js:19:12)'),
    cried('    at file:///app/src/main.js:7:16'),
  ];
}

/** What a container says that was killed for its memory, as the last lines of its life. */
export function buildKilledLines(): LogLine[] {
  return [
    cried('WARN  memory: heap is 97 % of its limit'),
    cried('ERROR memory: cannot allocate 16 MB for a request body'),
  ];
}

/** One line of a container that just runs; `turn` counts up and makes the lines differ. */
export function buildChatter(source: LogSource, turn: number): LogLine {
  if (!source.ready && source.behaviour === 'slow') {
    return said(`INFO  warm-up: ${Math.min(480, turn * 60)} of 480 routes loaded`);
  }
  if (!source.ready && source.behaviour === 'neverready') {
    return cried('WARN  health: /ready answers 503, the message queue at queue:5672 refuses connections');
  }
  const [method = '', path = ''] = requests[turn % requests.length] ?? [];
  const ms = 3 + ((turn * 37) % 61);
  return turn % 23 === 22
    ? cried(`WARN  cache: refreshed 120 entries in ${ms * 9} ms`)
    : said(
        `INFO  http: ${method} ${path} 200 ${ms} ms request=${(turn * 7919).toString(16).padStart(6, '0')}`,
      );
}

const requests: readonly (readonly [string, string])[] = [
  ['GET', '/api/agents'],
  ['GET', '/api/agents/42/tasks'],
  ['POST', '/api/tasks'],
  ['GET', '/healthz'],
  ['GET', '/api/agents/7'],
  ['PUT', '/api/tasks/1311/state'],
];

function said(text: string): LogLine {
  return { stream: 'stdout', text };
}

function cried(text: string): LogLine {
  return { stream: 'stderr', text };
}
