import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { loginShellText } from '../../../daemon/tools/process/loginShell.ts';
import { spoolShell } from '../../../daemon/tools/process/spoolShell.ts';

const root = join(import.meta.dirname, '../../..');

const sources = ['daemon', 'extension'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(?:ts|js|mjs|cjs)$/.test(name))
    .map(name => {
      const path = join(root, folder, name);
      return { name: relative(root, path), text: readFileSync(path, 'utf8') };
    }),
);

const withoutComments = (text: string) => text.replace(/\/\*.*?\*\/|(?<=^|\s)\/\/[^\n]*/gms, '');

function findSources(pattern: RegExp): readonly string[] {
  return sources.filter(({ text }) => pattern.test(withoutComments(text))).map(({ name }) => name);
}

describe('no shell', () => {
  it('L-08f is asked for by any option', () => {
    assert.ok(sources.length > 50);
    assert.deepEqual(findSources(/\bshell\s*:\s*(?:true|['"`])/), []);
  });

  it('L-08f is reached by exec: who may start processes takes only what needs no shell', () => {
    const starters = sources.filter(({ text }) => /['"](?:node:child_process|execa)['"]/.test(text));
    assert.ok(starters.length >= 4);
    for (const { name, text } of starters) {
      assert.match(name, /^(?:daemon\/tools\/process|extension\/connection)\//);
      const imported =
        /import (?:type )?\{([^}]*)\} from '(?:node:child_process|execa)'/.exec(text)?.[1] ?? 'everything';
      for (const part of imported.split(',')) {
        assert.match(part.trim(), /^(?:spawn|spawnSync|(?:type )?ChildProcess)$/, `${name} imports ${part}`);
      }
    }
  });

  it('L-08f is named outside of the two places that hand it a constant', () => {
    assert.deepEqual(findSources(/['"`](?:\/usr)?\/bin\/(?:ba|z|da)?sh['"`]|['"`](?:ba|z|da)?sh['"`]/), [
      'daemon/tools/process/spooledTool.ts',
      'daemon/tools/process/toolEnvironment.ts',
    ]);
    assert.deepEqual(findSources(/['"`]-i?l?c['"`]/), [
      'daemon/tools/process/loginShell.ts',
      'daemon/tools/process/spooledTool.ts',
    ]);
  });

  it('L-08f is given a text that is not this constant, with the arguments beside it', () => {
    assert.equal(
      spoolShell,
      [
        'trap : HUP INT TERM',
        'set -C',
        '{ echo "$$" > "$0.pid"; } 2> /dev/null || exit 125',
        '"$@"',
        'echo "$?" > "$0.code"',
      ].join('\n'),
    );
    const starter = sources.find(({ name }) => name === 'daemon/tools/process/spooledTool.ts')?.text ?? '';
    assert.match(
      starter,
      /spawn\('\/bin\/sh', \['-c', spoolShell, spool, options\.path, \.\.\.options\.args\]/,
    );
    assert.equal(starter.match(/spawn\(/g)?.length, 1);
    assert.doesNotMatch(
      sources.find(({ name }) => name === 'daemon/tools/process/spoolShell.ts')?.text ?? '',
      /\$\{/,
    );
  });

  it('L-08f asks the login shell with a constant', () => {
    assert.equal(loginShellText.match(/\$\w+/g)?.join(), '$SLIPWAY_NODE');
    assert.equal(loginShellText.match(/'/g)?.length, 2);
    assert.doesNotMatch(loginShellText, /!/);
  });
});
