import assert from 'node:assert/strict';
import type { LogSource } from '../../../../daemon/protocol/log.ts';
import { buildPodTags } from '../../../../webview/logs/document/podTags.ts';

function sources(...names: readonly (readonly [string, string])[]): readonly LogSource[] {
  return names.map(([pod, container], id) => ({
    id,
    pod,
    podUid: `uid of ${pod}`,
    container,
    state: 'live',
  }));
}

function labels(list: readonly LogSource[]): readonly string[] {
  return [...buildPodTags(list).values()].map(({ label }) => label);
}

describe('the tags of pods', () => {
  it('P-05b are the shortest names that tell pods apart', () => {
    assert.deepEqual(labels(sources(['agent-7f8-x2k4z', 'agent'], ['agent-7f8-b7q9w', 'agent'])), [
      'x2k4z',
      'b7q9w',
    ]);
    assert.deepEqual(labels(sources(['a-1-0', 'web'], ['b-2-0', 'web'])), ['1-0', '2-0']);
    assert.deepEqual(labels(sources(['web', 'web'], ['web', 'web'])), ['', '']);
  });

  it('P-05b name the container where there are several', () => {
    assert.deepEqual(labels(sources(['agent-x', 'agent'], ['agent-x', 'proxy'])), ['agent', 'proxy']);
    assert.deepEqual(labels(sources(['agent-x', 'agent'], ['agent-y', 'proxy'])), ['x/agent', 'y/proxy']);
  });

  it('are not there for a single container', () => {
    assert.deepEqual(labels(sources(['agent-x', 'agent'])), ['']);
  });

  it('P-05b keep the colour of each pod when others join', () => {
    const before = buildPodTags(sources(['a-1', 'c'], ['a-2', 'c']));
    const after = buildPodTags(sources(['a-1', 'c'], ['a-2', 'c'], ['a-3', 'c']));
    assert.deepEqual(
      [...before.values()].map(({ color }) => color),
      [0, 1],
    );
    assert.deepEqual(
      [...after.values()].map(({ color }) => color),
      [0, 1, 2],
    );
  });
});
