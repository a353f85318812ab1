import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseProcedure } from '../../../../daemon/sources/procedure/parseProcedure.ts';

const sketch = readFileSync(new URL('../records/sketch.yaml', import.meta.url), 'utf8');

describe('the sketch of the whole document', () => {
  it('L-11a parses without an error', () => {
    const { procedure, diagnostics } = parseProcedure(sketch);
    assert.deepEqual(
      diagnostics.filter(diagnostic => diagnostic.severity === 'error'),
      [],
    );
    assert.ok(procedure);
  });

  it('L-11a gives environments, methods and the helm command as the document has them', () => {
    const { procedure } = parseProcedure(sketch);
    assert.deepEqual(
      procedure?.environments.map(({ name, after, data, guarded }) => [name, after, data, guarded]),
      [
        ['development', undefined, 'synthetic', false],
        ['staging', 'development', 'production-like', false],
        ['production', 'staging', 'live', true],
      ],
    );
    const agent = procedure?.components[0];
    assert.deepEqual(agent?.methods, ['gitops', 'helm', 'kubectl']);
    assert.deepEqual(agent?.workload, { kind: 'deployment', name: 'agent-name' });
    assert.deepEqual(agent?.helm, {
      release: 'kosmos',
      chart: './charts/kosmos',
      values: ['values-{environment}.yaml'],
      set: { 'image.tag': '{version}' },
      timeout: '10m',
      install: true,
    });
    assert.equal(procedure?.policyFrom, 'origin/main');
    assert.equal(procedure?.migrations, 'migrations');
    assert.deepEqual(procedure?.releases, {
      tags: 'v*',
      branches: { develop: 'develop-{commit}' },
      images: { agent: 'kosmos/agent:{version}' },
    });
  });

  it('L-11a keeps the order in which the file names the methods', () => {
    const line = /^ {6}gitops:.*\n/m.exec(sketch)?.[0] ?? assert.fail('the sketch has no gitops');
    const last = '      kubectl: {only: emergency}\n';
    const turned = sketch.replace(line, '').replace(last, `${last}${line}`);
    assert.deepEqual(parseProcedure(turned).procedure?.components[0]?.methods, ['helm', 'kubectl', 'gitops']);
  });

  it('L-11a gives helm the numbers of set as they are written', () => {
    const written = ['1.10', '012345678901', '12345678901234567890', '0x1F', '1e3', '+1', '1.0', '-0', '7'];
    const entries = written.map((number, index) => `n${index}: ${number}`).join(', ');
    const read = (set: string) =>
      parseProcedure(sketch.replace("{image.tag: '{version}'}", set)).procedure?.components[0]?.helm;
    assert.deepEqual(Object.values(read(`{${entries}}`)?.set ?? {}), written);
    assert.deepEqual(read('{on: true, off: False, text: plain, quoted: \'1.10\', long: "0x1F"}')?.set, {
      on: 'true',
      off: 'false',
      text: 'plain',
      quoted: '1.10',
      long: '0x1F',
    });
    assert.deepEqual(read('{one: &engine 1.10, two: *engine}')?.set, { one: '1.10', two: '1.10' });
  });

  it('L-11a has every one of its keys checked: none can be misspelt unseen', () => {
    const keys = listKeyPlaces(sketch);
    assert.ok(keys.length > 100, `only ${keys.length} keys found`);
    const unseen = keys.filter(({ offset, key }) => {
      const broken = `${sketch.slice(0, offset)}${key}Xx${sketch.slice(offset + key.length)}`;
      return parseProcedure(broken).diagnostics.every(diagnostic => diagnostic.severity !== 'error');
    });
    // Names that a team chooses freely and that nothing else in the sketch refers to.
    assert.deepEqual(
      unseen.map(place => place.key),
      ['image.tag', 'production', 'dashboard', 'disaster-recovery'],
    );
  });

  it('has its simpler sibling in the sample repository, with nothing that holds', () => {
    const sample = new URL('../../../../sandbox/kosmos/slipway.yaml', import.meta.url);
    const { procedure, diagnostics } = parseProcedure(
      readFileSync(sample, 'utf8').replaceAll('CLUSTER_ID', '5b1f0c0e-6f5c-4d0e-9d0a-0d8c1c3a8f11'),
    );
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(
      procedure?.environments.flatMap(environment => environment.unavailable),
      [],
    );
  });

  it('lists every command that the file can make Slipway run, each once', () => {
    const commands = parseProcedure(sketch).procedure?.commands ?? [];
    assert.deepEqual(
      commands.map(command => command.join(' ')),
      [
        './scripts/on-call.sh',
        './scripts/fetch-reports.sh {commit}',
        './scripts/smoke-test.sh --environment green',
        './scripts/backup-database.sh --environment {environment}',
        './scripts/restore-test.sh',
        './scripts/validate-migration.sh',
        'npm test',
        'vault read pw',
        'npm run journeys',
        'npm run perf',
      ],
    );
    const lists = collectCommandLists(parse(sketch));
    for (const list of lists) {
      assert.ok(
        commands.some(command => JSON.stringify(command) === JSON.stringify(list)),
        `not listed: ${JSON.stringify(list)}`,
      );
    }
  });
});

/** Every `key:` of the text outside comments, by position. */
function listKeyPlaces(text: string): readonly { readonly key: string; readonly offset: number }[] {
  return [...text.matchAll(/(?<=^\s*|[{,]\s*|- \{)([a-zA-Z][\w.-]*)(?=: |:\n)/gm)].map(match => ({
    key: match[0],
    offset: match.index,
  }));
}

/** Every list below a key that names a command, found without the product's own knowledge of the format. */
function collectCommandLists(value: unknown, key = ''): readonly (readonly string[])[] {
  const commandKeys = ['command', 'run', 'restore', 'validate', 'tests', 'smoke', 'fetch'];
  if (Array.isArray(value)) {
    return commandKeys.includes(key) ? [value] : value.flatMap(item => collectCommandLists(item));
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, member]) => collectCommandLists(member, name))
    : [];
}
