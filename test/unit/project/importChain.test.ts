import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findViolations } from './importChain.ts';

describe('the import chain', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'slipway-chain-'));
    for (const folder of ['daemon', 'extension', 'webview']) {
      mkdirSync(join(root, folder));
    }
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('L-01a holds in this repository', () => {
    assert.deepEqual(findViolations('.'), []);
  });

  for (const [file, imports] of [
    ['daemon/model/a.ts', '../protocol/b.ts'],
    ['daemon/store/a.ts', '../clusters/b.ts'],
    ['daemon/steps/a.ts', '../promotion/b.ts'],
    ['daemon/tools/helm/a.ts', '../git/b.ts'],
    ['daemon/client/a.ts', '../model/b.ts'],
    ['extension/views/a.ts', '../commands/b.ts'],
    ['extension/state/a.ts', '../../daemon/store/b.ts'],
    ['extension/commands/a.ts', '../../daemon/client/b.ts'],
    ['webview/checklist/a.ts', '../../daemon/model/b.ts'],
  ] as const) {
    it(`L-01b an import of ${imports} in ${file} is found`, () => {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), `import { b } from '${imports}';\nexport const a = b;\n`);
      assert.equal(findViolations(root).length, 1);
    });
  }
});
