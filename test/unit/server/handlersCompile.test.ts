import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'mocha';

const root = resolve(import.meta.dirname, '../../..');

/** One program per promise; each but the first must not compile. */
const programs = {
  whole: `${header()} export const table: Handlers = handlers;`,
  missing: `${header()} const { 'session.hello': _, ...rest } = handlers; export const table: Handlers = rest;`,
  wrongResult: `${header()} export const table: Handlers = { ...handlers, 'promotion.start': async () => ({ promotion: 1 }) };`,
  wrongParams: `${header()} export const table: Handlers = { ...handlers, 'promotion.start': async (params: { planNumber: number }) => ({ promotionId: String(params.planNumber) }) };`,
  unknown: `${header()} export const table: Handlers = { ...handlers, 'promotion.destroy': async () => ({}) };`,
  wrongRequest: `${clientHeader()} export const answer = client.request('promotion.start', { planId: 'p' });`,
  wrongNotification: `${clientHeader()} client.onNotification('journal.appended', params => params.number);`,
};

describe('the compiler', () => {
  let folder = '';
  let output = '';
  before(function () {
    this.timeout(60_000);
    folder = mkdtempSync(join(tmpdir(), 'slipway-compile-'));
    for (const [name, text] of Object.entries(programs)) {
      writeFileSync(join(folder, `${name}.ts`), text);
    }
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const compilerOptions = { typeRoots: [join(root, 'node_modules/@types')] };
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions,
      include: [],
      files: Object.keys(programs).map(name => `${name}.ts`),
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const done = spawnSync(
      join(root, 'node_modules/.bin/tsc'),
      ['--noEmit', '--pretty', 'false', '-p', folder],
      {
        encoding: 'utf8',
        timeout: 55_000,
      },
    );
    output = done.stdout;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The codes of a program's errors. */
  const errorsOf = (name: string) =>
    output
      .split('\n')
      .filter(line => line.includes(`${name}.ts(`))
      .map(line => /error (TS\d+)/.exec(line)?.[1]);

  it('L-07a takes a whole table of handlers', () => {
    assert.deepEqual(errorsOf('whole'), []);
  });

  it('L-07a refuses a table in which a handler is missing', () => {
    assert.deepEqual(errorsOf('missing'), ['TS2741']);
    assert.match(output, /missing\.ts.* '"session\.hello"' is missing/);
  });

  it('L-07a refuses a handler with a wrong result', () => {
    assert.deepEqual(errorsOf('wrongResult'), ['TS2322']);
  });

  it('L-07a refuses a handler that wants other params', () => {
    assert.deepEqual(errorsOf('wrongParams'), ['TS2322']);
  });

  it('L-07a refuses a handler of a request that does not exist', () => {
    assert.deepEqual(errorsOf('unknown'), ['TS2353']);
  });

  it('L-07a refuses a request with missing params, and a notification read wrongly', () => {
    assert.deepEqual(errorsOf('wrongRequest'), ['TS2739']);
    assert.deepEqual(errorsOf('wrongNotification'), ['TS2339']);
  });
});

function header(): string {
  return `import type { Handlers } from '${root}/daemon/handlers/requestContext.ts'; declare const handlers: Handlers;`;
}

function clientHeader(): string {
  return `import type { DaemonClient } from '${root}/daemon/client/daemonClient.ts'; declare const client: DaemonClient;`;
}
