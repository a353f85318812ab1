import assert from 'node:assert/strict';
import type { ContainerFacts, PodFacts } from '../../../../daemon/model/podFacts.ts';
import { decideRest } from '../../../../daemon/watching/logs/containerRest.ts';

const ended: ContainerFacts = {
  name: 'look',
  image: 'busybox',
  init: false,
  ready: false,
  restarts: 0,
  state: { type: 'terminated', end: { exitCode: 0, reason: 'Completed' } },
};
const pod: PodFacts = {
  uid: 'u',
  name: 'web-1',
  phase: 'Running',
  createdAt: '2026-11-25T21:00:00Z',
  deleting: false,
  ready: true,
  containers: [],
};

describe('a container that rests', () => {
  it('may be restarted while its pod runs', () => {
    const rest = decideRest({ ...pod, containers: [ended] }, ended);
    assert.deepEqual([rest.state, rest.isFinal], ['waiting', false]);
  });

  it('P-06j has ended where somebody had added it to look at the pod', () => {
    const rest = decideRest({ ...pod, debugContainers: [ended] }, ended);
    assert.deepEqual([rest.state, rest.isFinal], ['ended', true]);
  });
});
