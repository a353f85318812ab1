import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildDraft } from '../../../../daemon/sources/draft/buildDraft.ts';
import { type DraftChoice, listQuestions } from '../../../../daemon/sources/draft/chooseDraft.ts';
import type { ChartFacts, DraftFacts } from '../../../../daemon/sources/draft/draftFacts.ts';
import { writeScalar } from '../../../../daemon/sources/draft/draftLines.ts';
import { parseProcedure } from '../../../../daemon/sources/procedure/parseProcedure.ts';

const environments = ['staging', 'production'].map(name => ({
  name,
  from: 'from values-{environment}.yaml',
  certain: true,
}));

/** A chart that was read whole. */
function aChart(values: Partial<ChartFacts> = {}): ChartFacts {
  return {
    path: 'charts/shop',
    name: 'shop',
    values: [{ template: 'values-{environment}.yaml', environments: ['staging', 'production'] }],
    workload: {
      workload: 'deployment/shop',
      container: 'web',
      image: 'example/shop:{version}',
      tagKey: 'image.tag',
    },
    otherWorkloads: [],
    otherTagKeys: [],
    readBy: 'helm',
    ...values,
  };
}

/** A repository in which everything was found. */
function someFacts(values: Partial<DraftFacts> = {}): DraftFacts {
  return {
    folderName: 'shop',
    charts: [aChart()],
    environments,
    contexts: [],
    applications: [],
    migrations: [],
    documents: [],
    tags: { glob: 'v*', newest: 'v1.2.3' },
    ...values,
  };
}

const draft = (facts: DraftFacts, choice: DraftChoice = {}) => buildDraft(facts, choice);
const parse = (text: string) => {
  const { procedure, diagnostics } = parseProcedure(text);
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
    text,
  );
  return procedure ?? assert.fail(text);
};

/** What stands above a line of a draft, in one line. */
function readAbove(text: string, line: RegExp): string {
  const lines = text.split('\n');
  const at = lines.findIndex(candidate => line.test(candidate));
  const before = lines.slice(0, Math.max(0, at));
  const from = before.findLastIndex(candidate => !/^ *#/.test(candidate)) + 1;
  return before
    .slice(from)
    .map(comment => comment.replace(/^ *# /, ''))
    .join(' ');
}

describe('a draft of a procedure', () => {
  it('P-08a names the chart, its values files, the workload, the container, the image and the environments', () => {
    const procedure = parse(draft(someFacts()).text);
    assert.equal(procedure.name, 'shop');
    assert.deepEqual(procedure.releases, {
      tags: 'v*',
      branches: {},
      images: { shop: 'example/shop:{version}' },
    });
    const [component] = procedure.components;
    assert.deepEqual(component?.workload, { kind: 'deployment', name: 'shop' });
    assert.equal(component?.container, 'web');
    assert.deepEqual(component?.helm, {
      release: 'shop',
      chart: 'charts/shop',
      values: ['values-{environment}.yaml'],
      set: { 'image.tag': '{version}' },
      timeout: '10m',
      install: true,
    });
    assert.deepEqual(
      procedure.environments.map(({ name, after, data }) => [name, after, data]),
      [
        ['staging', undefined, undefined],
        ['production', 'staging', 'live'],
      ],
    );
  });

  it('P-08b takes namespaces from the contexts that fit by their names', () => {
    const contexts = [
      { name: 'admin@eu-prod', server: 'https://eu:6443', namespace: 'shop-live' },
      { name: 'shop-staging', server: 'https://eu:6443', namespace: 'shop-test' },
    ];
    const { text } = draft(someFacts({ contexts }));
    assert.deepEqual(
      parse(text).environments.map(({ cluster }) => cluster),
      [{ namespace: 'shop-test' }, { namespace: 'shop-live' }],
    );
    assert.match(text, /Decide: .*your context shop-staging/);
  });

  it('P-08c writes as a comment what this version would hold promotions for', () => {
    const facts = someFacts({
      applications: [
        {
          file: 'argocd/shop.yaml',
          name: 'shop-production',
          path: 'charts/shop',
          namespace: 'shop-prod',
          automated: true,
        },
      ],
      migrations: ['db/migrations'],
      documents: ['docs/deployment-procedures.md'],
    });
    const { text } = draft(facts);
    const procedure = parse(text);
    assert.match(text, /^ +# gitops: \{application: shop-production, path: charts\/shop/m);
    assert.match(text, /^# database: \{migrations: db\/migrations\}$/m);
    assert.deepEqual(procedure.components[0]?.methods, ['helm']);
    assert.equal(
      procedure.components[0]?.helm?.install,
      false,
      'nothing is installed beside what Argo CD applies',
    );
    assert.deepEqual(
      procedure.environments.flatMap(({ unavailable }) => unavailable),
      [],
    );
    assert.equal(procedure.document, 'docs/deployment-procedures.md');
    assert.equal(procedure.environments[1]?.cluster?.namespace, 'shop-prod');
  });

  it('P-08d names the branch that governs, or says that there is no remote', () => {
    const withRemote = draft(someFacts({ remote: { name: 'origin', branch: 'trunk' } })).text;
    assert.equal(parse(withRemote).policyFrom, 'origin/trunk');
    const without = draft(someFacts()).text;
    assert.equal(parse(without).policyFrom, undefined);
    assert.match(without, /there is no remote yet/);
  });

  it('P-08d asks which remote is meant where there are several', () => {
    const { text } = draft(someFacts({ undecided: ['github', 'gitlab'] }));
    assert.equal(parse(text).policyFrom, undefined);
    assert.match(text.replaceAll(/\n# /g, ' '), /none of the remotes github, gitlab is called origin/);
    assert.doesNotMatch(text, /there is no remote yet/);
  });

  it('P-08d asks for a first tag where there is none', () => {
    assert.match(draft(someFacts({ tags: { glob: 'v*' } })).text, /Decide: .*git tag -a v1\.0\.0/);
  });

  for (const newest of ['shop/v1.0.0', 'v1.0.0+build.5', `v${'1'.repeat(128)}`]) {
    it(`P-08d asks what to do where the newest tag can be no tag of an image: ${newest.slice(0, 20)}`, () => {
      const { text } = draft(someFacts({ tags: { glob: 'v*', newest } }));
      parse(text);
      assert.match(
        readAbove(text, /^ {2}tags:/),
        /^Decide: which git tags are those of images\? .* can be none/,
      );
      assert.match(readAbove(text, /^ {4}shop: '?example/), /^Decide: which tag does this image have for /);
      assert.match(readAbove(text, /^ {8}set:/), /^Decide: what is this value for /);
      assert.doesNotMatch(text, /\{version\} is the tag as it is/);
    });
  }

  it('P-08d says which tag an image has where the chart takes the "v" away', () => {
    const workload = { workload: 'deployment/shop', container: 'web', tagKey: 'image.tag' };
    const image = 'example/shop:{number}';
    const { text } = draft(someFacts({ charts: [aChart({ workload: { ...workload, image } })] }));
    assert.equal(parse(text).releases?.images?.['shop'], image);
    assert.match(
      text.replaceAll(/\n +# /g, ' '),
      /takes what stands before the number away: example\/shop:1\.2\.3/,
    );
  });

  it('P-08d asks of a value that sets the tag, too, where no image is written', () => {
    const workload = { workload: 'deployment/shop', container: 'web', image: 'shop', tagKey: 'image.tag' };
    const tags = { glob: 'v*', newest: 'shop/v1.0.0' };
    const { text } = draft(someFacts({ tags, charts: [aChart({ workload })] }));
    assert.match(readAbove(text, /^ {2}tags:/), /^Decide: which git tags/);
    assert.match(readAbove(text, /^ {8}set:/), /^Decide: what is this value/);
  });

  it('P-08a gives each component a Helm release of its own, though charts have one name', () => {
    const long = 'a'.repeat(60);
    const charts = ['shop', 'shop', 'Shop', long, long].map((name, index) =>
      aChart({ path: `charts/${index}`, name }),
    );
    const releases = parse(draft(someFacts({ charts })).text).components.map(({ helm }) => helm?.release);
    assert.deepEqual(releases, ['shop', 'shop-2', 'shop-3', 'a'.repeat(53), `${'a'.repeat(48)}-2`]);
  });

  it('P-08e writes the key of a value in quotes where YAML would take it for something else', () => {
    for (const tagKey of ['web-app.image.tag', 'on']) {
      const workload = { workload: 'deployment/shop', container: 'web', image: 'x:{version}', tagKey };
      const { text } = draft(someFacts({ charts: [aChart({ workload })] }));
      assert.deepEqual(parse(text).components[0]?.helm?.set, { [tagKey]: '{version}' });
    }
  });

  it('P-08f puts the cursor at the first decision', () => {
    const { text, cursor, decisions } = draft(someFacts());
    const lines = text.split('\n');
    assert.match(lines[cursor.line] ?? '', /^ +release: shop$/);
    const above = lines.slice(0, cursor.line).join('\n');
    assert.match(above, /# Decide: the name under which helm knows it[^\n]*\n[^\n:]*$/);
    assert.equal((lines[cursor.line] ?? '').slice(cursor.column), 'shop');
    assert.equal(decisions, text.match(/Decide:/g)?.length ? text.split('Decide: ').length - 1 : 0);
  });

  it('P-08f asks which chart only where there are several, and which environments only where no file says', () => {
    assert.deepEqual(listQuestions(someFacts(), {}), []);
    const two = someFacts({ charts: [aChart(), aChart({ path: 'charts/web', name: 'web' })] });
    assert.deepEqual(listQuestions(two, {}), ['charts']);
    assert.deepEqual(listQuestions(two, { charts: ['charts/web'] }), []);
    const unsure = someFacts({
      charts: [aChart({ values: [] })],
      environments: [{ name: 'production', from: 'from your kubeconfig', certain: false }],
    });
    assert.deepEqual(listQuestions(unsure, {}), ['environments']);
    assert.deepEqual(listQuestions(unsure, { environments: ['production'] }), []);
  });

  it('P-08f writes what was chosen, and says where a values file is missing', () => {
    const { text } = draft(someFacts(), { environments: ['qa', 'production'] });
    const procedure = parse(text);
    assert.deepEqual(
      procedure.environments.map(({ name, after }) => [name, after]),
      [
        ['qa', undefined],
        ['production', 'qa'],
      ],
    );
    assert.match(text, /Decide: there is none for qa: add it/);
  });

  it('P-08e writes in quotes what would be read as a number', () => {
    for (const text of ['.0', '.5', '.inf', '.nan', '1.0', '-x', 'true']) {
      assert.equal(writeScalar(text), `'${text}'`);
    }
    for (const text of ['./charts/shop', '../shop', 'charts/shop', 'v1.0']) {
      assert.equal(writeScalar(text), text);
    }
  });

  it('P-08e is valid at once, explains every line and holds nothing, whatever was found', () => {
    fc.assert(
      fc.property(anyFacts, anyChoice, (facts, choice) => {
        const { text, cursor } = draft(facts, choice);
        const procedure = parse(text);
        assert.deepEqual(
          procedure.environments.flatMap(({ unavailable }) => unavailable),
          [],
        );
        const lines = text.split('\n');
        const unexplained = lines.filter(
          (line, index) =>
            line.trim() !== '' && !/(?:^| )# /.test(line) && !/^\s*# /.test(lines[index - 1] ?? ''),
        );
        assert.deepEqual(unexplained, []);
        assert.ok(cursor.line < lines.length && cursor.column <= (lines[cursor.line] ?? '').length);
        assert.ok(
          lines.every(line => line.length <= 300 && !/(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/u.test(line)),
          'nothing of what was found can break out of a comment',
        );
      }),
      { numRuns: 300 },
    );
  });
});

/** Names as people give them, and as nobody should. */
const anyText = fc.oneof(
  fc.constantFrom(
    'shop',
    'prod',
    'staging',
    'web-eu',
    'true',
    'null',
    'on',
    '-x',
    '--post-renderer=evil',
    'a: b',
    "it's",
    '{environment}',
    '../up',
    'a#b',
    'x\ny: 1',
    '\u001b[31mred',
    '\u2028key: value',
    '12',
    '1e3',
    '*',
    '&a',
    '!tag',
    '',
    'é ü',
    'a'.repeat(300),
  ),
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const anyPath = fc.oneof(
  anyText,
  fc.tuple(anyText, anyText).map(parts => parts.join('/')),
);
const anyName = fc.constantFrom('dev', 'test', 'qa', 'staging', 'prod', 'prod-eu', 'true', 'no', 'x', 'Prod');

const anyChart: fc.Arbitrary<ChartFacts> = fc.record(
  {
    path: anyPath,
    name: anyText,
    values: fc.array(
      fc.record({
        template: fc.oneof(anyPath, fc.constant('values-{environment}.yaml')),
        environments: fc.uniqueArray(anyName, { maxLength: 4 }),
      }),
      { maxLength: 3 },
    ),
    workload: fc.record(
      {
        workload: fc.oneof(anyText, fc.constant('deployment/shop')),
        container: anyText,
        image: fc.oneof(anyText, fc.constant('example/shop:{version}')),
        tagKey: fc.constantFrom('image.tag', 'tag', 'web.image.version'),
      },
      { requiredKeys: ['workload', 'container', 'image'] },
    ),
    otherWorkloads: fc.array(anyText, { maxLength: 5 }),
    otherTagKeys: fc.array(anyText, { maxLength: 5 }),
    readBy: fc.constantFrom('helm', 'templates', 'nothing'),
    problem: anyText,
  },
  {
    requiredKeys: ['path', 'name', 'values', 'otherWorkloads', 'otherTagKeys', 'readBy'],
  },
);

const anyFacts: fc.Arbitrary<DraftFacts> = fc.record(
  {
    folderName: anyText,
    charts: fc.array(anyChart, { maxLength: 3 }),
    environments: fc.uniqueArray(fc.record({ name: anyName, from: anyText, certain: fc.boolean() }), {
      selector: ({ name }) => name,
      maxLength: 5,
    }),
    contexts: fc.array(
      fc.record({ name: anyText, server: anyText, namespace: anyText }, { requiredKeys: ['name', 'server'] }),
      { maxLength: 3 },
    ),
    applications: fc.array(
      fc.record(
        {
          file: anyPath,
          name: anyText,
          path: anyPath,
          branch: anyText,
          namespace: anyText,
          automated: fc.boolean(),
        },
        { requiredKeys: ['file', 'name', 'automated'] },
      ),
      { maxLength: 3 },
    ),
    migrations: fc.array(anyPath, { maxLength: 2 }),
    documents: fc.array(anyPath, { maxLength: 3 }),
    tags: fc.record(
      { glob: fc.constantFrom('v*', '[0-9]*', 'app/v*', 'release-*'), newest: anyText },
      { requiredKeys: ['glob'] },
    ),
    remote: fc.record({ name: anyText, branch: anyText }, { requiredKeys: ['name'] }),
  },
  {
    requiredKeys: [
      'folderName',
      'charts',
      'environments',
      'contexts',
      'applications',
      'migrations',
      'documents',
      'tags',
    ],
  },
);

const anyChoice: fc.Arbitrary<DraftChoice> = fc.record(
  { environments: fc.uniqueArray(anyName, { maxLength: 4 }), charts: fc.array(anyPath, { maxLength: 2 }) },
  { requiredKeys: [] },
);
