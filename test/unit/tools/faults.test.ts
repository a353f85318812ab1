import assert from 'node:assert/strict';
import { buildFaults, noFaults } from '../../../daemon/tools/process/faults.ts';

describe('faults', () => {
  it('do nothing outside of tests and the sandbox', () => {
    assert.equal(buildFaults({ SLIPWAY_FAULT: 'running' }), noFaults);
    assert.equal(buildFaults({ SLIPWAY_HOME: '/x' }), noFaults);
  });

  it('refuse a name that is no fault point', () => {
    assert.throws(() => buildFaults({ SLIPWAY_HOME: '/x', SLIPWAY_FAULT: 'runing' }), /must be one of/);
    assert.throws(() => buildFaults({ SLIPWAY_HOME: '/x', SLIPWAY_FAULT: 'running:0' }), /must be one of/);
  });

  it('leave the process alone at other points', () => {
    const faults = buildFaults({ SLIPWAY_HOME: '/x', SLIPWAY_FAULT: 'running:3' });
    faults.at('beforeSpawn');
    faults.at('running');
    faults.at('running');
  });
});
