import assert from 'node:assert/strict';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import { buildHistoryRun, parseHistory } from '../../../daemon/tools/helm/history.ts';
import { parseHelmVersion } from '../../../daemon/tools/helm/version.ts';
import { buildVersionRun as buildKubectlVersionRun } from '../../../daemon/tools/kubectl/version.ts';
import type { ToolOutput } from '../../../daemon/tools/process/toolRun.ts';

describe("helm's answers", () => {
  it('are read from history', () => {
    const json = `[{"revision":1,"updated":"2026-11-23T21:24:42.487037047Z","status":"superseded","chart":"lab-1.2.3","app_version":"4.5","description":"Install complete"},
      {"revision":4,"updated":"2026-11-23T22:24:43+01:00","status":"deployed","chart":"lab-1.2.3","app_version":"4.5","rollback_revision":1,"description":"Rollback to 1"}]`;
    assert.deepEqual(parseHistory(json), [
      {
        revision: 1,
        updatedAt: '2026-11-23T21:24:42.487Z',
        status: 'superseded',
        chart: 'lab-1.2.3',
        appVersion: '4.5',
        description: 'Install complete',
      },
      {
        revision: 4,
        updatedAt: '2026-11-23T21:24:43.000Z',
        status: 'deployed',
        chart: 'lab-1.2.3',
        appVersion: '4.5',
        description: 'Rollback to 1',
        rollbackRevision: 1,
      },
    ]);
  });

  it('are an empty history where there is no such release', () => {
    const run = buildHistoryRun({ release: 'r', namespace: 'n' });
    const output: ToolOutput = { stdout: '', stderr: 'Error: release: not found\n', exitCode: 1 };
    assert.ok(typeof run.answers === 'function' && run.answers(output));
    assert.deepEqual(run.parse(output), []);
    assert.ok(
      !run.answers({ ...output, stderr: 'Error: kubernetes cluster unreachable: release: not found' }),
    );
  });

  it('are refused where they are no history', () => {
    assert.throws(() => parseHistory('[{"revision":"1"}]'));
    assert.throws(() => parseHistory('Release "x" does not exist'));
  });

  it('tell the version', () => {
    assert.deepEqual(parseHelmVersion('v4.3.1\n'), { major: 4, text: 'v4.3.1' });
    assert.deepEqual(parseHelmVersion('v3.21.4+g05fa379\n'), { major: 3, text: 'v3.21.4' });
    assert.deepEqual(parseHelmVersion('v5.0.0-rc.1'), { major: 4, text: 'v5.0.0-rc.1' });
  });

  it('tell a version that is too old', () => {
    for (const text of ['v3.14.4+g81c902a', 'v2.17.0']) {
      assert.throws(
        () => parseHelmVersion(text),
        (error: unknown) =>
          error instanceof SlipwayError && error.code === 'toolTooOld' && error.message.includes('3.15'),
      );
    }
  });

  it('are refused where they are no version', () => {
    assert.throws(() => parseHelmVersion('command not found'), /says its version as "command not found"/);
  });

  it("are read from kubectl's version", () => {
    const stdout = '{"clientVersion":{"major":"1","gitVersion":"v1.37.2"},"kustomizeVersion":"v5.8.1"}';
    assert.equal(buildKubectlVersionRun().parse({ stdout, stderr: '', exitCode: 0 }), 'v1.37.2');
  });
});
