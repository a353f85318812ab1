import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { buildStateFolder } from '../../../daemon/protocol/discovery.ts';

const linux = { platform: 'linux', homeFolder: '/home/ada' } as const;

describe('the place of the state folder', () => {
  it("is in the user's state folder on Linux", () => {
    assert.equal(buildStateFolder({ ...linux, env: {} }), '/home/ada/.local/state/slipway');
    assert.equal(buildStateFolder({ ...linux, env: { XDG_STATE_HOME: '/state' } }), '/state/slipway');
  });

  it('ignores a relative XDG_STATE_HOME, as its specification says', () => {
    assert.equal(
      buildStateFolder({ ...linux, env: { XDG_STATE_HOME: 'state' } }),
      '/home/ada/.local/state/slipway',
    );
  });

  it('is in Application Support on macOS', () => {
    assert.equal(
      buildStateFolder({ platform: 'darwin', homeFolder: '/Users/ada', env: { XDG_STATE_HOME: '/state' } }),
      '/Users/ada/Library/Application Support/slipway',
    );
  });

  it('is where SLIPWAY_HOME says, on every system', () => {
    for (const platform of ['linux', 'darwin'] as const) {
      const env = { SLIPWAY_HOME: '/tmp/x/../y', XDG_STATE_HOME: '/state' };
      assert.equal(buildStateFolder({ ...linux, platform, env }), '/tmp/y');
    }
  });

  it('refuses a relative SLIPWAY_HOME, and native Windows', () => {
    assert.throws(() => buildStateFolder({ ...linux, env: { SLIPWAY_HOME: 'x' } }), {
      code: 'invalidArgument',
    });
    assert.throws(() => buildStateFolder({ ...linux, platform: 'win32', env: {} }), {
      code: 'unsupportedSystem',
      next: /WSL/,
    });
  });
});
