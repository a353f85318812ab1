import assert from 'node:assert/strict';
import { findLogWorkload } from '../../../../extension/state/findLogWorkload.ts';
import { aCause, aWorkload } from '../../../builders/views.ts';

describe('whose log is meant without a question', () => {
  const cause = { ...aCause(), workload: 'job/migrate' };
  const workload = { ...aWorkload(), kind: 'StatefulSet' as const, name: 'db' };

  it('P-05a is the Job of a hook that fails while nothing else is there yet', () => {
    assert.equal(findLogWorkload({ workloads: [], causes: [cause] }, { fromStep: true }), 'job/migrate');
  });

  it('P-05a is the only workload, and what fails only where a step was pointed at', () => {
    const environment = { workloads: [workload], causes: [cause] };
    assert.equal(findLogWorkload(environment, { fromStep: true }), 'job/migrate');
    assert.equal(findLogWorkload(environment, { fromStep: false }), 'statefulset/db');
  });

  it('P-05a is for the person to say where there are several, and nobody where there is none', () => {
    const several = { workloads: [workload, { ...workload, name: 'cache' }], causes: [] };
    assert.equal(findLogWorkload(several, { fromStep: true }), undefined);
    assert.equal(findLogWorkload(undefined, { fromStep: true }), undefined);
  });
});
