import assert from 'node:assert/strict';
import { rankEnvironment, sortEnvironments } from '../../../../daemon/sources/draft/environmentNames.ts';
import { fillChartTemplate } from '../../../../daemon/sources/draft/fillTemplates.ts';
import { findEnvironments } from '../../../../daemon/sources/draft/findEnvironments.ts';
import {
  findDocuments,
  findMigrations,
  findTagGlob,
} from '../../../../daemon/sources/draft/findNamedFiles.ts';
import { findTagKeys } from '../../../../daemon/sources/draft/findTagKeys.ts';
import { findValuesFiles, sortValuesFor } from '../../../../daemon/sources/draft/findValuesFiles.ts';
import { buildProbe, chooseWorkload, readWorkloads } from '../../../../daemon/sources/draft/readWorkloads.ts';

describe('the names of values files', () => {
  for (const [files, expected] of [
    [
      ['values-staging.yaml', 'values-production.yaml'],
      ['values-{environment}.yaml', 'staging production'],
    ],
    [
      ['helm/values.dev.yml', 'helm/values.prod.yml'],
      ['helm/values.{environment}.yml', 'dev prod'],
    ],
    [
      ['prod-values.yaml', 'dev-values.yaml'],
      ['{environment}-values.yaml', 'dev prod'],
    ],
    [
      ['envs/prod/values.yaml', 'envs/qa/values.yaml'],
      ['envs/{environment}/values.yaml', 'qa prod'],
    ],
    [
      ['deploy/values/prod.yaml', 'deploy/values/uat.yaml'],
      ['deploy/values/{environment}.yaml', 'uat prod'],
    ],
    [
      ['values-web-dev.yaml', 'values-web-prod.yaml'],
      ['values-web-{environment}.yaml', 'dev prod'],
    ],
    [
      ['values-prod-eu.yaml', 'values-prod-us.yaml'],
      ['values-{environment}.yaml', 'prod-eu prod-us'],
    ],
  ] as const) {
    it(`P-08a say which environments there are: ${files.join(', ')}`, () => {
      const found = findValuesFiles(files, []);
      assert.deepEqual(
        found.map(({ template, environments }) => [template, environments.join(' ')]),
        [expected],
      );
    });
  }

  it('P-08a are none where they are for no environment, or for a chart within a chart', () => {
    const files = [
      'charts/shop/values.yaml',
      'values-schema.yaml',
      'values-local.yaml',
      'charts/shop/ci/test-values.yaml',
      'charts/shop/templates/values-prod.yaml',
      'charts/shop/charts/db/values-prod.yaml',
    ];
    assert.deepEqual(findValuesFiles(files, ['charts/shop/charts/']), []);
  });

  it('P-08a belong to the chart whose folder or name they have', () => {
    const charts = [
      { path: 'charts/web', name: 'web' },
      { path: 'charts/ledger', name: 'ledger' },
    ];
    const values = findValuesFiles(
      ['charts/web/values-prod.yaml', 'deploy/ledger/values-prod.yaml', 'values-prod.yaml'],
      [],
    );
    const templatesOf = (index: number) =>
      sortValuesFor(charts[index] ?? assert.fail(), values, charts).map(({ template }) => template);
    assert.deepEqual(templatesOf(0), ['charts/web/values-{environment}.yaml', 'values-{environment}.yaml']);
    assert.deepEqual(templatesOf(1), [
      'deploy/ledger/values-{environment}.yaml',
      'values-{environment}.yaml',
    ]);
  });
});

describe('the names of environments', () => {
  it('P-08a are put in the order in which a release goes through them', () => {
    const names = ['production', 'uat', 'dev', 'eu-prod', 'staging', 'qa', 'blue', 'pre-production'];
    assert.deepEqual(sortEnvironments(names), [
      'dev',
      'qa',
      'uat',
      'blue',
      'staging',
      'pre-production',
      'eu-prod',
      'production',
    ]);
    assert.equal(rankEnvironment('minikube'), undefined);
  });

  it('P-08b come from folders, from applications, and last from contexts, as a proposal', () => {
    const nothing = { charts: [], values: [], contexts: [], applications: [], files: [] };
    const names = (sources: Partial<Parameters<typeof findEnvironments>[0]>) =>
      findEnvironments({ ...nothing, ...sources }).map(({ name, certain }) => [name, certain]);
    const contexts = [
      { name: 'arn:aws:eks:eu:1:cluster/shop-prod', server: 'https://a' },
      { name: 'minikube', server: 'https://b' },
      { name: 'shop-dev', server: 'https://c' },
    ];
    assert.deepEqual(names({ contexts }), [
      ['dev', false],
      ['prod', false],
    ]);
    const files = ['k8s/overlays/production/kustomization.yaml', 'k8s/overlays/staging/kustomization.yaml'];
    assert.deepEqual(names({ contexts, files }), [
      ['staging', true],
      ['production', true],
    ]);
    const applications = [{ file: 'argo.yaml', name: 'shop-uat', automated: false }];
    assert.deepEqual(names({ contexts, applications }), [['uat', true]]);
  });
});

describe('the value that sets the tag of an image', () => {
  it('P-08a is found in the templates and in the values, not in those of a dependency', () => {
    const templates = [
      '      image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"\n',
    ];
    const values = {
      image: { repository: 'example/shop', tag: '' },
      worker: { image: { repository: 'example/worker', tag: 'x' } },
      postgresql: { image: { repository: 'postgres', tag: '17' } },
      version: 3,
      tags: ['a'],
    };
    assert.deepEqual(findTagKeys({ values, templates, dependencies: ['postgresql'] }), [
      'image.tag',
      'worker.image.tag',
    ]);
  });

  it('P-08a is what comes after the colon, whatever its name', () => {
    const templates = ["image: '{{ .Values.registry }}/web:{{ .Values.release }}'"];
    assert.deepEqual(findTagKeys({ values: {}, templates, dependencies: [] }), ['release']);
  });
});

describe('the value that sets the tag of an image below a key with a hyphen', () => {
  for (const expression of [
    'index .Values "web-app" "release"',
    '(index .Values "web-app").release',
    'index .Values "web-app" "release" | default "latest"',
    'default "latest" (index .Values "web-app" "release")',
  ]) {
    it(`P-08a is found and filled: ${expression}`, () => {
      const templates = [`image: "example/web:{{ ${expression} }}"`];
      assert.deepEqual(findTagKeys({ values: {}, templates, dependencies: [] }), ['web-app.release']);
      const filled = fillChartTemplate(templates[0] ?? '', {
        release: 'shop',
        chart: 'shop',
        values: {},
        set: { 'web-app.release': 'v1' },
      });
      assert.equal(filled, 'image: "example/web:v1"');
    });
  }

  it('P-08a is found in the values', () => {
    const values = { 'web-app': { image: { repository: 'example/web', tag: 'latest' } } };
    assert.deepEqual(findTagKeys({ values, templates: [], dependencies: [] }), ['web-app.image.tag']);
  });
});

describe('the workloads of a chart', () => {
  const template = `{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.fullname" . }}
  labels: {{- include "shop.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      {{- with .Values.securityContext }}
      securityContext: {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
{{- end }}
`;

  it('P-08g are read from the templates without helm', () => {
    const values = { image: { repository: 'registry:5000/shop' } };
    const filled = fillChartTemplate(template, {
      release: 'shop',
      chart: 'shop',
      values,
      set: { 'image.tag': buildProbe(0) },
    });
    assert.deepEqual(chooseWorkload(readWorkloads(filled), ['image.tag']), {
      workload: 'deployment/shop',
      container: 'shop',
      image: 'registry:5000/shop:{version}',
      tagKey: 'image.tag',
    });
  });

  it('P-08a have the number of the version as their tag where the chart takes its "v" away', () => {
    const render = (tag: string) => `kind: Deployment
metadata: {name: shop}
spec: {template: {spec: {containers: [{name: shop, image: 'example/shop:${tag}'}]}}}
`;
    const choose = (tag: string) => chooseWorkload(readWorkloads(render(tag)), ['other', 'image.tag'])?.image;
    assert.equal(choose(buildProbe(1)), 'example/shop:{version}');
    assert.equal(choose(buildProbe(1).replace(/^v/, '')), 'example/shop:{number}');
  });

  it('P-08a are those of the chart itself, not of its dependencies', () => {
    const workload = (source: string, name: string) => `---
# Source: shop/${source}templates/workload.yaml
kind: StatefulSet
metadata: {name: ${name}}
spec: {template: {spec: {containers: [{name: c, image: 'x:1'}]}}}
`;
    const found = readWorkloads(`${workload('charts/postgresql/', 'db')}${workload('', 'shop')}`);
    assert.deepEqual(
      found.map(({ workload: name }) => name),
      ['statefulset/shop'],
    );
  });
});

describe('the files of a repository', () => {
  it('P-08c show Flyway migrations and the document that people follow', () => {
    assert.deepEqual(findMigrations(['db/V1__a.sql', 'db/V2__b.sql', 'x/R__c.sql', 'sql/query.sql']), [
      'db',
      'x',
    ]);
    assert.deepEqual(
      findDocuments([
        'README.md',
        'CHANGELOG.md',
        'docs/release-notes.md',
        'docs/deployment-procedures.md',
        'docs/releasing.txt',
        'docs/architecture.md',
        'charts/x/templates/deploy-guide.txt',
      ]).slice(0, 2),
      ['docs/deployment-procedures.md', 'docs/releasing.txt'],
    );
  });

  for (const [tags, glob] of [
    [['v1.2.0', 'v1.1.0', 'nightly'], 'v*'],
    [['1.2.0', '1.1.0'], '[0-9]*'],
    [['release-1.2.0'], 'release-*'],
    [['shop/v1.2.0', 'shop/v1.1.0'], 'shop/v*'],
    [['nightly'], 'v*'],
    [[], 'v*'],
  ] as const) {
    it(`P-08d say which tags are releases: ${tags.join(', ') || 'none'}`, () => {
      assert.equal(findTagGlob(tags), glob);
    });
  }
});
