import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PlannedArgument } from '../../../daemon/model/plan.ts';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import { checkSetKey, escapeSetValue } from '../../../daemon/tools/helm/argument.ts';
import { buildRenderRun } from '../../../daemon/tools/helm/render.ts';
import { buildRollbackArguments } from '../../../daemon/tools/helm/rollback.ts';
import { buildStatusArguments } from '../../../daemon/tools/helm/status.ts';
import { buildTemplateRun } from '../../../daemon/tools/helm/template.ts';
import { buildUninstallArguments } from '../../../daemon/tools/helm/uninstall.ts';
import { buildUpgradeArguments, type UpgradeOptions } from '../../../daemon/tools/helm/upgrade.ts';

const options: UpgradeOptions = {
  release: 'kosmos',
  chart: './charts/kosmos',
  namespace: 'kosmos',
  values: ['values-production.yaml'],
  set: { 'image.tag': 'v2.1.0' },
  timeout: '10m',
  install: false,
  wait: 'watcher',
  promotionId: '0199-a',
};

const words = (args: readonly PlannedArgument[]) => args.map(arg => arg.text).join(' ');
const documented = (args: readonly PlannedArgument[]) => words(args.filter(arg => !arg.added));
const added = (args: readonly PlannedArgument[]) => words(args.filter(arg => arg.added));
const refused = (error: unknown) => error instanceof SlipwayError && error.code === 'invalidArgument';

describe("helm's arguments", () => {
  it("L-14b begin with the document's own upgrade, word for word", () => {
    const args = buildUpgradeArguments(options);
    assert.equal(
      documented(args),
      'upgrade kosmos ./charts/kosmos --namespace kosmos --values values-production.yaml --set image.tag=v2.1.0 --wait --timeout 10m',
    );
    assert.ok(words(args).startsWith(documented(args)), 'what we add comes last');
  });

  it('L-14b mark what Slipway adds', () => {
    assert.equal(added(buildUpgradeArguments(options)), '--labels slipway.dev/promotion=0199-a');
    assert.equal(
      added(buildUpgradeArguments({ ...options, install: true })),
      '--install --labels slipway.dev/promotion=0199-a',
    );
  });

  it('wait in the way that this Helm has', () => {
    const legacy = buildUpgradeArguments({ ...options, wait: 'legacy' });
    assert.match(words(legacy), / --wait=legacy /);
    assert.match(added(legacy), /^--wait=legacy /, 'the document says --wait');
    assert.match(words(buildUpgradeArguments({ ...options, wait: 'legacy', major: 3 })), / --wait /);
    assert.match(words(buildUpgradeArguments({ ...options, major: 3 })), / --wait /);
  });

  it('keep several values files and settings in their order', () => {
    const args = buildUpgradeArguments({ ...options, values: ['b.yaml', 'a.yaml'], set: { z: '1', a: '2' } });
    assert.match(words(args), /--values b\.yaml --values a\.yaml --set z=1 --set a=2/);
  });

  it("L-14b are the document's own status", () => {
    const args = buildStatusArguments({ release: 'kosmos', namespace: 'kosmos' });
    assert.equal(documented(args), 'status kosmos -n kosmos');
    assert.equal(added(args), '');
  });

  it('name the revision to go back to', () => {
    const args = buildRollbackArguments({
      release: 'kosmos',
      namespace: 'kosmos',
      revision: 7,
      timeout: '5m',
    });
    assert.equal(words(args), 'rollback kosmos 7 -n kosmos --timeout 5m');
    assert.equal(added(args), '7 --timeout 5m');
  });

  it('never say "the revision before", whatever it was', () => {
    for (const revision of [0, -1, 1.5, Number.NaN]) {
      assert.throws(
        () => buildRollbackArguments({ release: 'r', namespace: 'n', revision, timeout: '5m' }),
        refused,
      );
    }
  });

  it('render the same chart with the same values, and change nothing', () => {
    const { args } = buildRenderRun({ ...options, install: true });
    assert.match(
      args.join(' '),
      /^upgrade kosmos \.\/charts\/kosmos .*--set image\.tag=v2\.1\.0 --install --dry-run=server --output json$/,
    );
  });

  it('keep settings as texts where a chart is only rendered', () => {
    const { args } = buildTemplateRun({ ...options, set: { 'image.tag': '1' } });
    assert.equal(
      args.join(' '),
      'template kosmos ./charts/kosmos --namespace kosmos --values values-production.yaml --set-string image.tag=1',
    );
  });

  const injections = [
    '-x',
    '--post-renderer=evil',
    '--kubeconfig=/tmp/x',
    '-',
    '',
    'a\0b',
    'a\u001b[31mb',
    'a\nb',
  ];
  for (const bad of injections) {
    it(`L-08f refuse ${JSON.stringify(bad)} as a release, chart, namespace, values file or key`, () => {
      const name = { release: 'r', namespace: 'n' };
      const builders: readonly (() => unknown)[] = [
        () => buildUpgradeArguments({ ...options, release: bad }),
        () => buildUpgradeArguments({ ...options, chart: bad }),
        () => buildUpgradeArguments({ ...options, namespace: bad }),
        () => buildUpgradeArguments({ ...options, values: [bad] }),
        () => buildUpgradeArguments({ ...options, set: { [bad]: 'x' } }),
        () => buildUpgradeArguments({ ...options, timeout: bad }),
        () => buildUpgradeArguments({ ...options, promotionId: bad }),
        () => buildRenderRun({ ...options, release: bad }),
        () => buildRollbackArguments({ ...name, release: bad, revision: 1, timeout: '5m' }),
        () => buildRollbackArguments({ ...name, namespace: bad, revision: 1, timeout: '5m' }),
        () => buildRollbackArguments({ ...name, revision: 1, timeout: bad }),
        () => buildStatusArguments({ ...name, release: bad }),
        () => buildStatusArguments({ ...name, namespace: bad }),
        () => buildUninstallArguments({ ...name, release: bad }),
        () => buildUninstallArguments({ ...name, namespace: bad }),
      ];
      for (const build of builders) {
        assert.throws(build, refused, String(build));
      }
    });
  }

  it('L-08f refuse a release or a namespace that is no name', () => {
    for (const name of ['.', '..', 'a/b', '../x', 'A', 'a b', 'a..b', 'x'.repeat(64), 'ä']) {
      assert.throws(() => buildStatusArguments({ release: name, namespace: 'n' }), refused, name);
      assert.throws(() => buildStatusArguments({ release: 'r', namespace: name }), refused, name);
    }
  });

  it('L-08f refuse a values file that Helm would read as two, or download', () => {
    for (const file of ['a.yaml,b.yaml', 'https://evil.example/values.yaml', '"a.yaml"']) {
      assert.throws(() => buildUpgradeArguments({ ...options, values: [file] }), refused);
    }
  });

  it('L-08f refuse a key that would smuggle in another one', () => {
    for (const key of ['a=1,b', 'a,b', 'a=b', 'a\\']) {
      assert.throws(() => checkSetKey(key), refused, key);
    }
    for (const key of ['image.tag', 'a\\,b', 'a\\=b', 'servers[0].port', 'annotations.a\\.b/c', 'a\\\\']) {
      assert.equal(checkSetKey(key), key);
    }
  });

  it('L-08f escape the value of a --set so that Helm reads it as it stands', () => {
    const character = fc.oneof(
      fc.constantFrom('\\', ',', '{', '}', '[', ']', '=', '.', '"', "'", ' ', '-', '$', '\n'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).filter(text => !/\p{Cc}/u.test(text)),
    );
    fc.assert(
      fc.property(fc.array(character), characters => {
        const value = characters.join('');
        assert.deepEqual(readSetValue(escapeSetValue(value)), { value, rest: '' });
      }),
      { numRuns: 3000 },
    );
  });
});

/** Reads a value as Helm does (pkg/strvals): a list in braces, else up to a comma, a backslash takes the next character. */
function readSetValue(text: string): { value: string | readonly string[]; rest: string } {
  if (text.startsWith('{')) {
    return { value: text.slice(1, -1).split(','), rest: '' };
  }
  let value = '';
  const characters = [...text];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index];
    if (character === ',') {
      return { value, rest: characters.slice(index + 1).join('') };
    }
    value += character === '\\' ? (characters[++index] ?? '') : character;
  }
  return { value, rest: '' };
}
