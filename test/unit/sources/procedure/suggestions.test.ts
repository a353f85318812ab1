import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseProcedure } from '../../../../daemon/sources/procedure/parseProcedure.ts';
import { suggestName } from '../../../../daemon/sources/procedure/suggestName.ts';
import { buildText, type TextParts } from './buildText.ts';

describe('did you mean', () => {
  const cases: readonly (readonly [string, TextParts, string])[] = [
    ['a key at the top', { top: ['documnet: docs/x.md'] }, 'document'],
    ['a key of an environment', { production: ['afterr: development'] }, 'after'],
    [
      'a key of the helm method',
      { component: ['methods: {helm: {release: a, chart: c, valeus: []}}'] },
      'values',
    ],
    ['a method', { component: ['methods: {hlem: {release: a, chart: c}}'] }, 'helm'],
    [
      'a key inside a list',
      { top: ['checklists:', '  a:', '    - {check: X, junits: reports/*.xml}'] },
      'junit',
    ],
    ['a key inside one of several forms', { top: ['notify: {a: {smpt: a@example.org}}'] }, 'smtp'],
    ['a known check', { top: ['checklists: {a: [helth]}'] }, 'health'],
    ['a word of a fixed list', { production: ['data: liev'] }, 'live'],
    [
      'a role',
      { top: ['people: {dev-lead: [dana]}'], production: ['approvals: {roles: [devlead]}'] },
      'dev-lead',
    ],
    ['a key in the wrong letters', { top: ['policyfrom: main'] }, 'policyFrom'],
  ];
  for (const [what, parts, name] of cases) {
    it(`L-11d is said for ${what}`, () => {
      const messages = parseProcedure(buildText(parts)).diagnostics.map(diagnostic => diagnostic.message);
      assert.ok(
        messages.some(message => message.includes(`Did you mean "${name}"?`)),
        messages.join('\n'),
      );
    });
  }

  it('L-11d is not said where nothing is near: what is known is listed', () => {
    const [first] = parseProcedure(buildText({ production: ['wibble: 1'] })).diagnostics;
    assert.match(first?.message ?? '', /^unknown key "wibble"\. Known here: purpose, data, after, /);
  });

  it('finds the name back after any one slip of the finger', () => {
    const known = ['approvals', 'checklist', 'validation', 'emergency', 'afterwards'];
    fc.assert(
      fc.property(
        fc.constantFrom(...known),
        fc.nat(),
        fc.constantFrom('drop', 'double', 'swap', 'change'),
        slip,
      ),
    );
    function slip(name: string, seed: number, how: string): void {
      const at = seed % (name.length - 1);
      const [a = '', b = ''] = [name[at], name[at + 1]];
      const parts: Readonly<Record<string, string>> = {
        drop: b,
        double: a + a + b,
        swap: b + a,
        change: `q${b}`,
      };
      const written = `${name.slice(0, at)}${parts[how]}${name.slice(at + 2)}`;
      assert.equal(suggestName(written, known), name);
    }
  });

  it('suggests nothing for a word that is far from all', () => {
    assert.equal(suggestName('soak', ['after', 'data', 'watch']), undefined);
    assert.equal(suggestName('x'.repeat(5000), ['after']), undefined);
  });
});
