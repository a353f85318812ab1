import assert from 'node:assert/strict';
import { type LiveMarks, listDrift } from '../../../daemon/model/liveMarks.ts';
import type { HelmRevision } from '../../../daemon/model/rollout.ts';

const row = (revision: number, status: string): HelmRevision => ({
  release: 'kosmos',
  namespace: 'kosmos',
  revision,
  status,
  changedAt: '2026-01-01T00:00:00.000Z',
});

const before: LiveMarks = {
  release: 'kosmos',
  newest: row(2, 'deployed'),
  workloads: ['deployment/agent-name'],
  images: { 'deployment/agent-name': { agent: 'kosmos/agent:v2.0.0' } },
};

describe('what has changed in a cluster since a plan was read', () => {
  it('is nothing while revision, status and images are the same', () => {
    const later = { ...row(2, 'deployed'), changedAt: '2026-01-01T00:00:09.000Z' };
    assert.deepEqual(listDrift(before, { ...before, newest: later }), []);
  });

  it('is the newest revision when somebody ran helm', () => {
    assert.deepEqual(listDrift(before, { ...before, newest: row(3, 'deployed') }), [
      "Helm's newest revision of kosmos was 2 (deployed) and is 3 (deployed)",
    ]);
  });

  it('is the status of the newest revision when a helm that seemed dead has ended', () => {
    const pending = { ...before, newest: row(2, 'pending-upgrade') };
    assert.deepEqual(listDrift(pending, before), [
      "Helm's newest revision of kosmos was 2 (pending-upgrade) and is 2 (deployed)",
    ]);
  });

  it('is the first revision when somebody installed it', () => {
    const { newest: _, ...nothing } = before;
    assert.deepEqual(listDrift({ ...nothing, images: {} }, before), [
      "Helm's newest revision of kosmos was none and is 2 (deployed)",
      'deployment/agent-name (agent) was set to nothing and is set to kosmos/agent:v2.0.0',
    ]);
  });

  it('is the image of a container that somebody set', () => {
    const images = { 'deployment/agent-name': { agent: 'kosmos/agent:v2.0.1', proxy: 'envoy:1' } };
    assert.deepEqual(listDrift(before, { ...before, images }), [
      'deployment/agent-name (agent) was set to kosmos/agent:v2.0.0 and is set to kosmos/agent:v2.0.1',
      'deployment/agent-name (proxy) was set to nothing and is set to envoy:1',
    ]);
  });
});
