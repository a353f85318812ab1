import assert from 'node:assert/strict';
import { decideGates } from '../../../../daemon/model/gates/decideGates.ts';
import type { Environment } from '../../../../daemon/model/procedure.ts';
import { parseProcedure } from '../../../../daemon/sources/procedure/parseProcedure.ts';
import { environmentKeyEffects } from '../../../../daemon/sources/procedure/policyTable.ts';
import { buildText, type TextParts } from './buildText.ts';

const people = 'people: {pm: [paul], dev-lead: [dana]}';
const lists = 'checklists: {ready: [health]}';
const notify = 'notify: {all: {smtp: team@kosmos.internal}}';
const helm = 'helm: {release: kosmos, chart: charts/kosmos}';
const gitops = 'gitops: {application: a, path: k8s, branch: main, land: merge}';

/** Each key of an environment that asks for something that is not built yet, as a person would write it. */
const held: readonly (readonly [keyof typeof environmentKeyEffects, string, string, (readonly string[])?])[] =
  [
    ['approvals', 'approvals', 'approvals: {roles: [pm]}', [people]],
    ['validation', 'validation', 'validation: {role: pm, onReject: rollback}', [people]],
    ['windows', 'window', "windows: {rule: 'FREQ=WEEKLY;BYDAY=SA', from: '02:00', to: '04:00', zone: UTC}"],
    ['notice', 'notice', 'notice: {before: 72h, to: all}', [notify]],
    ['freeze', 'freeze', 'freeze: [{from: 2026-12-20, to: 2027-01-04}]'],
    ['soak', 'soak', 'soak: 24h'],
    ['guarded', 'guard', 'guarded: true'],
    ['database', 'database', "database: {url: 'jdbc:postgresql://db:5432/kosmos'}"],
    ['strategy', 'strategy', 'strategy: canary'],
    ['automatic', 'automatic', 'automatic: {branch: develop}'],
    ['watch', 'watch', 'watch: {for: 30m}'],
    ['rollback', 'watch', 'rollback: {errorRate: 5%}'],
    ['afterwards', 'afterwards', 'afterwards: [ready]', [lists]],
  ];

describe('a key whose gate is not built', () => {
  for (const [key, kind, line, top] of held) {
    it(`L-11b becomes a gate that holds: ${key}`, () => {
      const parts: TextParts = {
        production: [line],
        component: [`methods: {${helm}}`, 'strategies: {canary: {file: canary.yaml}}'],
        ...(top ? { top } : {}),
      };
      const production = parseSound(parts, 'production');
      const path = `environments.production.${key}`;
      assert.deepEqual(production.unavailable, [{ kind, path }]);
      const gate = decide(production).find(found => found.kind === kind);
      assert.equal(gate?.state, 'unknown');
      assert.match(gate?.reason ?? '', new RegExp(`${path}.*not available yet`));
    });

    it(`L-11b holds only the environment that names it: ${key}`, () => {
      const parts: TextParts = {
        production: [line],
        component: [`methods: {${helm}}`, 'strategies: {canary: {file: canary.yaml}}'],
        ...(top ? { top } : {}),
      };
      assert.deepEqual(parseSound(parts, 'development').unavailable, []);
    });
  }

  it('L-11b has a test for every key that holds', () => {
    const holding = Object.entries(environmentKeyEffects)
      .filter(([, effect]) => effect.effect === 'holds')
      .map(([key]) => key);
    assert.deepEqual(holding.toSorted(), held.map(([key]) => key as string).toSorted());
  });

  it('L-11b is named in the Problems view with the environment that it holds', () => {
    const { diagnostics } = parseProcedure(buildText({ production: ['soak: 24h'] }));
    assert.deepEqual(
      diagnostics.map(({ severity, message, path }) => [severity, message, path]),
      [
        [
          'information',
          'not available yet: promotions to production are held.',
          'environments.production.soak',
        ],
      ],
    );
  });

  it('holds nothing where its value asks for nothing', () => {
    const production = parseSound({ production: ['guarded: false', 'strategy: rolling'] }, 'production');
    assert.deepEqual(production.unavailable, []);
  });

  it('holds nothing where it only describes', () => {
    const production = parseSound(
      {
        production: ['purpose: Live', 'data: live', 'emergency: {for: [incident], roles: [pm]}'],
        top: [people, lists, notify, 'links: {board: https://example.org}', "report: 'docs/{version}.md'"],
      },
      'production',
    );
    assert.deepEqual(production.unavailable, []);
  });

  it('L-11b holds every environment when the preferred method is not built', () => {
    const parts: TextParts = { component: [`methods: {${gitops}, ${helm}}`] };
    for (const name of ['development', 'production']) {
      assert.deepEqual(parseSound(parts, name).unavailable, [
        { kind: 'unverifiable', path: 'components.agent.methods.gitops' },
      ]);
    }
  });

  it('lets Helm through where it is the preferred method and the others come after it', () => {
    const parts: TextParts = { component: [`methods: {kubectl: {only: emergency}, ${helm}, ${gitops}}`] };
    assert.deepEqual(parseSound(parts, 'production').unavailable, []);
  });

  it('L-11b holds where no method is for regular promotions', () => {
    const parts: TextParts = { component: ['methods: {kubectl: {only: emergency}}'] };
    assert.deepEqual(parseSound(parts, 'production').unavailable, [
      { kind: 'unverifiable', path: 'components.agent.methods' },
    ]);
  });

  it('L-11b holds every environment for migrations that no environment claims', () => {
    const parts: TextParts = { top: ['database: {migrations: migrations}'] };
    for (const name of ['development', 'production']) {
      assert.deepEqual(parseSound(parts, name).unavailable, [{ kind: 'database', path: 'database' }]);
    }
  });

  it('L-11b holds for migrations where they would run first, and where a database is named', () => {
    const parts: TextParts = {
      top: ['database: {migrations: migrations, first: development}'],
      production: ["database: {url: 'jdbc:postgresql://db:5432/kosmos'}"],
    };
    assert.deepEqual(parseSound(parts, 'development').unavailable, [{ kind: 'database', path: 'database' }]);
    assert.deepEqual(parseSound(parts, 'production').unavailable, [
      { kind: 'database', path: 'environments.production.database' },
    ]);
  });
});

function parseSound(parts: TextParts, name: string): Environment {
  const { procedure, diagnostics } = parseProcedure(buildText(parts));
  const environment = procedure?.environments.find(found => found.name === name);
  assert.ok(environment, JSON.stringify(diagnostics));
  return environment;
}

function decide(environment: Environment) {
  return decideGates({
    kind: 'regular',
    release: { version: 'v1', commit: 'bea4344', digest: 'v1:00' },
    environment,
    enforcement: 'advice',
  });
}
