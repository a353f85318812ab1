import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { decideHandshake } from '../../../daemon/client/reachDaemon.ts';
import { compareVersions } from '../../../daemon/protocol/version.ts';

describe('versions', () => {
  it('are ordered as semantic versions are', () => {
    // The list of https://semver.org/#spec-item-11, with what is no version before it.
    const ordered = [
      'nonsense',
      '0.9.9',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.1',
      '1.2.0',
      '1.10.0',
      '2.0.0',
    ];
    for (const [index, left] of ordered.entries()) {
      for (const [other, right] of ordered.entries()) {
        assert.equal(Math.sign(compareVersions(left, right)), Math.sign(index - other), `${left} ${right}`);
      }
    }
  });

  it('do not differ by build or by a leading v', () => {
    assert.equal(compareVersions('v1.0.0', '1.0.0+abc'), 0);
  });
});

describe('the handshake', () => {
  const own = { version: '1.5.0', protocolVersion: 3 };

  it('L-06g replaces an older daemon, whatever it speaks', () => {
    for (const protocolVersion of [2, 3, 4]) {
      assert.equal(decideHandshake(own, { version: '1.4.9', protocolVersion }), 'replace');
    }
  });

  it('L-06g never replaces one of the same or of a newer version', () => {
    for (const version of ['1.5.0', '1.5.1', '2.0.0']) {
      assert.equal(decideHandshake(own, { version, protocolVersion: 3 }), 'use');
      assert.equal(decideHandshake(own, { version, protocolVersion: 4 }), 'incompatible');
    }
  });
});
