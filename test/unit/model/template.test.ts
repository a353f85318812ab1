import assert from 'node:assert/strict';
import { fillTemplate, findNumber } from '../../../daemon/model/template.ts';

describe('the number in a version', () => {
  for (const [version, number] of [
    ['v1.2.3', '1.2.3'],
    ['1.2.3', '1.2.3'],
    ['v1.0.0-rc.1', '1.0.0-rc.1'],
    ['agent/v1.2.3', '1.2.3'],
    ['team2/agent/v1.2.3', '1.2.3'],
    ['release-2024-05', '2024-05'],
    ['2024.05.1', '2024.05.1'],
    ['nightly', 'nightly'],
    ['agent/nightly', 'nightly'],
  ] as const) {
    it(`is what it has from its first digit on, after a slash: ${version}`, () => {
      assert.equal(findNumber(version), number);
    });
  }

  it('is filled in where a text asks for it', () => {
    const values = { version: 'agent/v1.2.3', environment: 'test', commit: 'c0ffee' };
    assert.equal(
      fillTemplate('{environment}:{number}@{commit} of {version} {other}', values),
      'test:1.2.3@c0ffee of agent/v1.2.3 {other}',
    );
  });
});
