import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { parseProcedure } from '../../../daemon/sources/procedure/parseProcedure.ts';
import { environmentKeyEffects } from '../../../daemon/sources/procedure/policyTable.ts';

type Json = { [key: string]: Json | (Json | string)[] | string | number | boolean };

const text = `
apiVersion: slipway.dev/v1
kind: Procedure
name: kosmos
people: {pm: [paul], security: ['group:security'], manager: [mia], nobody: [nemo], validator: [vera]}
components: {agent: {methods: {helm: {release: kosmos, chart: charts/kosmos}}, strategies: {canary: {file: c.yaml}}}}
environments:
  development: {cluster: {namespace: kosmos-development}}
  production:
    purpose: Live
    data: live
    after: development
    guarded: true
    cluster: {namespace: kosmos}
    database: {url: 'jdbc:postgresql://db:5432/kosmos'}
    automatic: {branch: main}
    approvals: {roles: [pm], expire: 7d}
    validation: {role: validator}
    checklist: ready
    windows: {rule: 'FREQ=WEEKLY;BYDAY=SA', from: '02:00', to: '04:00', zone: UTC}
    notice: {before: 72h, to: all}
    freeze: [{from: 2026-12-20, to: 2027-01-04}]
    soak: 24h
    emergency: {for: [incident], roles: [manager]}
    strategy: canary
    watch: {for: 30m}
    rollback: {errorRate: 5%}
    afterwards: [done]
checklists:
  ready: [{check: Change approved, tick: security}]
  done: [health]
  unused: [errors]
notify: {all: {smtp: team@kosmos.internal}}
links: {board: 'https://example.org'}
`;

describe('the policy hash', () => {
  it('L-11h changes with every policy key of the environment', () => {
    const unchanged = Object.entries(environmentKeyEffects)
      .filter(([, effect]) => effect.policy)
      .map(([key]) => key)
      .filter(key => {
        const without = edit(file => delete environment(file)[key]);
        return hash(without) === hash(text);
      });
    assert.deepEqual(unchanged, []);
  });

  it('L-11h does not change with what is no policy of the environment', () => {
    const others: readonly ((file: Json) => unknown)[] = [
      file => {
        file['links'] = { board: 'https://example.org/elsewhere', wiki: 'docs/wiki.md' };
      },
      file => {
        file['name'] = 'other';
      },
      file => {
        file['report'] = 'docs/{version}.md';
      },
      file => {
        file['releases'] = { tags: 'release-*' };
      },
      file => delete environment(file)['purpose'],
      file => delete environment(file)['data'],
      file => {
        (file['environments'] as Json)['development'] = {
          after: 'x',
          soak: '1h',
          cluster: { namespace: 'y' },
        };
        delete ((file['environments'] as Json)['development'] as Json)['after'];
      },
      file => {
        (file['people'] as Json)['nobody'] = ['somebody'];
      },
      file => {
        (file['checklists'] as Json)['unused'] = ['metrics'];
      },
      file => {
        (file['notify'] as Json)['all'] = { smtp: 'others@kosmos.internal' };
      },
    ];
    for (const change of others) {
      assert.equal(hash(edit(change)), hash(text), change.toString());
    }
  });

  it('L-11h changes with the people in each role that the environment uses', () => {
    for (const role of ['pm', 'security', 'manager', 'validator']) {
      const changed = edit(file => {
        (file['people'] as Json)[role] = ['eve'];
      });
      assert.notEqual(hash(changed), hash(text), role);
    }
  });

  it('L-11h changes with what stands in a checklist that the environment uses', () => {
    for (const list of ['ready', 'done']) {
      const changed = edit(file => {
        (file['checklists'] as Json)[list] = ['metrics'];
      });
      assert.notEqual(hash(changed), hash(text), list);
    }
  });

  it('L-11h is the same for the same file in any order of keys and any way of writing YAML', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), stream => {
        const next = () => stream.next().value ?? 0;
        const shuffled = shuffle(parse(text), next, 'environments');
        assert.equal(hash(stringify(shuffled)), hash(text));
      }),
      { numRuns: 50 },
    );
  });

  it('L-11h differs between environments that ask for the same', () => {
    const { procedure } = parseProcedure(
      text.replace('development: {', 'staging: {soak: 1h, ').replace('after: development', 'after: staging'),
    );
    const { procedure: other } = parseProcedure(text.replace('development: {', 'development: {soak: 1h, '));
    assert.ok(procedure && other);
    assert.notEqual(procedure.environments[0]?.policyHash, other.environments[0]?.policyHash);
  });
});

function hash(source: string): string {
  const { procedure, diagnostics } = parseProcedure(source);
  const production = procedure?.environments.find(found => found.name === 'production');
  assert.ok(production, JSON.stringify(diagnostics.filter(found => found.severity === 'error')));
  return production.policyHash;
}

function edit(change: (file: Json) => unknown): string {
  const file = parse(text) as Json;
  change(file);
  return stringify(file);
}

function environment(file: Json): Json {
  return (file['environments'] as Json)['production'] as Json;
}

/** Shuffles the keys of every object but the one whose order means something. */
function shuffle(value: unknown, next: () => number, keep: string, name = ''): unknown {
  if (Array.isArray(value)) {
    return value.map(item => shuffle(item, next, keep));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(([key, member]) => ({ key, member, order: next() }));
  const ordered = name === keep ? entries : entries.toSorted((left, right) => left.order - right.order);
  return Object.fromEntries(ordered.map(({ key, member }) => [key, shuffle(member, next, keep, key)]));
}
