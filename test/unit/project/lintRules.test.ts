import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

type Case = {
  readonly what: string;
  readonly id: string;
  readonly rule: string;
  readonly file: string;
  readonly text: string;
};

const imports = 'noRestrictedImports';

/** Each breaks one rule on purpose, in a file of its own. */
const cases: readonly Case[] = [
  {
    id: 'L-01b',
    what: 'the named import of zod',
    rule: imports,
    file: 'daemon/protocol/a.ts',
    text: "import { z } from 'zod';\nexport const a = z;\n",
  },
  {
    id: 'L-01b',
    what: 'vscode in the daemon',
    rule: imports,
    file: 'daemon/server/a.ts',
    text: "import * as v from 'vscode';\nexport const a = v;\n",
  },
  {
    id: 'L-01b',
    what: 'a spawn outside tools/process',
    rule: imports,
    file: 'daemon/steps/a.ts',
    text: "import { spawn } from 'node:child_process';\nexport const a = spawn;\n",
  },
  {
    id: 'L-01b',
    what: 'execa in the extension',
    rule: imports,
    file: 'extension/commands/a.ts',
    text: "import { execa } from 'execa';\nexport const a = execa;\n",
  },
  {
    id: 'L-01b',
    what: 'the disk in the model',
    rule: imports,
    file: 'daemon/model/a.ts',
    text: "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
  },
  {
    id: 'L-01b',
    what: 'an import to the left',
    rule: imports,
    file: 'daemon/store/a.ts',
    text: "import { b } from '../promotion/b.ts';\nexport const a = b;\n",
  },
  {
    id: 'L-01b',
    what: 'an import of a sibling',
    rule: imports,
    file: 'daemon/watching/a.ts',
    text: "import { b } from '../methods/b.ts';\nexport const a = b;\n",
  },
  {
    id: 'L-01b',
    what: 'a view that calls a command',
    rule: imports,
    file: 'extension/views/a.ts',
    text: "import { b } from '../commands/b.ts';\nexport const a = b;\n",
  },
  {
    id: 'L-01b',
    what: 'the daemon inside the extension',
    rule: imports,
    file: 'extension/state/a.ts',
    text: "import { b } from '../../daemon/store/b.ts';\nexport const a = b;\n",
  },
  {
    id: 'L-01a',
    what: 'a cycle',
    rule: 'noImportCycles',
    file: 'daemon/steps/c.ts',
    text: "import { d } from './d.ts';\nexport const c = (): number => d();\n",
  },
  {
    id: 'L-01b',
    what: 'a floating promise',
    rule: 'noFloatingPromises',
    file: 'daemon/steps/e.ts',
    text: 'async function f() {}\nexport function g() { f(); }\n',
  },
  { id: 'L-01e', what: 'an enum', rule: 'noEnum', file: 'daemon/steps/f.ts', text: 'export enum A { b }\n' },
  {
    id: 'L-01e',
    what: 'a default export',
    rule: 'noDefaultExport',
    file: 'daemon/steps/g.ts',
    text: 'export default 1;\n',
  },
  {
    id: 'L-01e',
    what: 'any',
    rule: 'noExplicitAny',
    file: 'daemon/steps/h.ts',
    text: 'export const a: any = 1;\n',
  },
];

/** Files that the rules allow, or that only complete a case. */
const allowed = {
  'daemon/steps/d.ts': "import { c } from './c.ts';\nexport const d = (): number => c();\n",
  'daemon/tools/process/a.ts':
    "import { spawn } from 'node:child_process';\nimport * as z from 'zod';\nexport const a = [spawn, z];\n",
};

describe('the lint rules', () => {
  let root = '';
  let findings: readonly string[] = [];

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'slipway-lint-'));
    const config = JSON.parse(readFileSync('biome.json', 'utf8')) as Record<string, unknown>;
    writeFileSync(join(root, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
    const files = { ...allowed, ...Object.fromEntries(cases.map(({ file, text }) => [file, text])) };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    const result = spawnSync(
      resolve('node_modules/.bin/biome'),
      ['lint', '--reporter=github', '--max-diagnostics=none', '.'],
      {
        cwd: root,
        encoding: 'utf8',
      },
    );
    findings = result.stdout.split('\n');
  });

  after(() => rmSync(root, { recursive: true, force: true }));

  const found = (file: string, rule: string) =>
    findings.some(line => line.includes(`/${file},`) && line.includes(rule));

  for (const { id, what, rule, file } of cases) {
    it(`${id} refuse ${what}`, () => {
      assert.ok(
        found(file, rule),
        findings.filter(line => line.includes(file)).join('\n') || 'nothing was found',
      );
    });
  }

  it('L-01b let through what the chain allows', () => {
    assert.equal(found('daemon/tools/process/a.ts', imports), false);
  });
});
