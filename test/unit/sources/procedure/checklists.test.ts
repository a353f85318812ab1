import assert from 'node:assert/strict';
import { parseProcedure } from '../../../../daemon/sources/procedure/parseProcedure.ts';
import { buildText } from './buildText.ts';

const people =
  "people: {pm: [paul, petra, 'group:pms', {command: [./who.sh]}], security: ['group:security']}";

function parseChecks(...checks: readonly string[]) {
  const text = buildText({
    production: ['checklist: ready'],
    top: [people, 'checklists:', '  ready:', ...checks.map(check => `    - ${check}`)],
  });
  const { procedure, diagnostics } = parseProcedure(text);
  const production = procedure?.environments.find(({ name }) => name === 'production');
  return { checks: production?.checklist?.checks ?? [], diagnostics, production };
}

describe('the checklist of an environment', () => {
  it('P-02b has manual checks with the people of their role and the scope of an environment', () => {
    const { checks, production } = parseChecks('{check: Change approved, tick: pm}');
    assert.equal(production?.checklist?.name, 'ready');
    const [check] = checks;
    assert.equal(check?.text, 'Change approved');
    assert.equal(check?.scope, 'environment');
    // Groups and commands are not looked up on this machine.
    assert.deepEqual(check?.proof, { kind: 'tick', role: 'pm', people: ['paul', 'petra'] });
  });

  it('P-02b keeps the id of a check in any order, with any role and scope', () => {
    const one = parseChecks('{check: A, tick: pm}', '{check: B, tick: pm}').checks;
    const other = parseChecks('{check: B, tick: anyone, scope: release}', '{check: A, tick: pm}').checks;
    const idOf = (checks: typeof one, text: string) => checks.find(check => check.text === text)?.id;
    assert.equal(idOf(one, 'A'), idOf(other, 'A'));
    assert.equal(idOf(one, 'B'), idOf(other, 'B'));
    assert.notEqual(idOf(one, 'A'), idOf(one, 'B'));
  });

  it('P-02d takes what needs a probe for unknown, with the scope that fits it, and says so in the Problems view', () => {
    const { checks, diagnostics, production } = parseChecks(
      '{check: All tests passing, junit: reports/unit.xml}',
      'health',
    );
    assert.deepEqual(
      checks.map(({ text, scope, proof }) => [text, scope, proof]),
      [
        ['All tests passing', 'release', { kind: 'probe', probe: 'junit' }],
        ['health', 'promotion', { kind: 'probe', probe: 'health' }],
      ],
    );
    assert.deepEqual(production?.unavailable, []);
    assert.deepEqual(
      diagnostics.map(({ severity, path, message }) => [severity, path, message]),
      [
        [
          'information',
          'checklists.ready.0.junit',
          'junit is not available yet: the check is unknown, and promotions to production are held.',
        ],
        [
          'information',
          'checklists.ready.1',
          'health is not available yet: the check is unknown, and promotions to production are held.',
        ],
      ],
    );
  });

  it('P-02b lets a check be for anyone, which is built in and cannot be redefined', () => {
    const { checks } = parseChecks('{check: Looked at, tick: anyone}');
    assert.deepEqual(checks[0]?.proof, { kind: 'tick', role: 'anyone', people: [] });
    const { diagnostics } = parseProcedure(buildText({ top: ['people: {anyone: [eve]}'] }));
    assert.match(diagnostics.map(({ message }) => message).join(), /anyone is built in/);
  });

  it('P-02b refuses a check that stands in its list twice, since one tick would prove both', () => {
    const { diagnostics } = parseChecks('{check: A, tick: pm}', '{check: A, tick: security}');
    assert.match(diagnostics.map(({ message }) => message).join(), /stands in this checklist already/);
  });
});
