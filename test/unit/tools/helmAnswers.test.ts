import assert from 'node:assert/strict';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import { parseHelmVersion } from '../../../daemon/tools/helm/version.ts';
import { buildVersionRun as buildKubectlVersionRun } from '../../../daemon/tools/kubectl/version.ts';

describe("helm's answers", () => {
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
