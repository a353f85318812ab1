import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { draftProcedure } from '../../../daemon/sources/draft/draftProcedure.ts';
import { parseProcedure } from '../../../daemon/sources/procedure/parseProcedure.ts';
import { Toolbox } from '../../../daemon/sources/toolbox.ts';
import { buildChart } from '../../cluster/ownRepository.ts';
import { TestFolder, TestRepository } from './testRepository.ts';

/** The text with the lines of its comments joined. */
const unwrap = (text: string) => text.replaceAll(/\n *# /g, ' ');

describe('a draft for a repository', () => {
  let home: TestFolder;
  let repository: TestRepository;

  beforeEach(() => {
    home = new TestFolder();
    repository = new TestRepository(home, 'shop');
  });
  afterEach(() => home.dispose());

  /** Tools as the daemon finds them: git alone, so helm is missing. */
  const draft = (
    options: { kubeconfig?: string; folder?: string; environments?: readonly string[] } = {},
  ) => {
    const toolbox = new Toolbox({
      ...home.git.env,
      SLIPWAY_HOME: home.path,
      PATH: '/nowhere',
      KUBECONFIG: options.kubeconfig ?? join(home.path, 'none'),
    });
    toolbox.configure({ tools: { git: home.git.path }, kubeconfig: '' });
    return draftProcedure(
      {
        folder: options.folder ?? repository.folder,
        ...(options.environments ? { environments: options.environments } : {}),
      },
      { toolbox, signal: new AbortController().signal },
    );
  };
  const parse = (text: string) => {
    const { procedure, diagnostics } = parseProcedure(text);
    assert.deepEqual(diagnostics, [], text);
    return procedure ?? assert.fail(text);
  };

  it('P-08g is written without helm, from files that are not committed yet, too', async () => {
    repository.commit(
      'Begin',
      buildChart('charts/shop', { kind: 'Deployment', name: 'shop', repository: 'example/shop' }),
    );
    repository.write('values-staging.yaml', 'replicas: 1\n');
    repository.write('values-production.yaml', 'replicas: 2\n');
    repository.git('tag', 'v1.0.0');
    const { text, questions, exists, file } = await draft();
    assert.deepEqual([questions, exists, file], [[], false, join(repository.folder, 'slipway.yaml')]);
    const procedure = parse(text);
    assert.deepEqual(procedure.components[0]?.workload, { kind: 'deployment', name: 'shop' });
    assert.deepEqual(procedure.releases.images, { shop: 'example/shop:{version}' });
    assert.deepEqual(procedure.components[0]?.helm?.set, { 'image.tag': '{version}' });
    assert.deepEqual(
      procedure.environments.map(({ name }) => name),
      ['staging', 'production'],
    );
    assert.match(
      unwrap(text),
      /Decide: read from the templates, without helm\. .*helm is in none of the folders of PATH/,
    );
  });

  it('P-08b reads the kubeconfig and contacts no cluster', async () => {
    let asked = 0;
    const server = createServer(socket => {
      asked += 1;
      socket.destroy();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    repository.write(
      'kubeconfig',
      `clusters: [{name: c, cluster: {server: 'https://127.0.0.1:${port}'}}]
users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/false}}}]
contexts:
  - {name: shop-prod, context: {cluster: c, user: u, namespace: shop}}
  - {name: shop-test, context: {cluster: c, user: u, namespace: shop-test}}
`,
    );
    try {
      const { questions, environments, text } = await draft({
        kubeconfig: join(repository.folder, 'kubeconfig'),
      });
      assert.deepEqual(questions, ['environments'], 'a kubeconfig alone decides nothing');
      assert.deepEqual(
        environments.map(({ name }) => name),
        ['test', 'prod'],
      );
      assert.deepEqual(
        parse(text).environments.map(({ cluster }) => cluster?.namespace),
        ['shop-test', 'shop'],
      );
      assert.equal(asked, 0);
    } finally {
      server.close();
    }
  });

  it('P-08c finds Argo CD applications, migrations and the document, and none of them holds anything', async () => {
    repository.commit('Begin', {
      'db/migrations/V1__orders.sql': 'create table orders (id int);',
      'docs/deployment-procedures.md': '# How we deploy\n',
      'argocd/production.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop-production}
spec:
  source: {path: deploy, targetRevision: main}
  destination: {namespace: shop-prod}
  syncPolicy: {automated: {selfHeal: true}}
`,
    });
    const { text, questions } = await draft();
    assert.deepEqual(questions, []);
    const { environments, document } = parse(text);
    assert.deepEqual(
      environments.map(({ name, cluster, unavailable }) => [name, cluster?.namespace, unavailable]),
      [['production', 'shop-prod', []]],
    );
    assert.equal(document, 'docs/deployment-procedures.md');
    assert.match(text, /# gitops: \{application: shop-production, path: deploy, branch: main/);
    assert.match(unwrap(text), /It syncs by itself and would undo what helm does/);
    assert.match(text, /# database: \{migrations: db\/migrations\}/);
  });

  it('P-08f writes nothing itself, and tells that there is a file already', async () => {
    repository.commit('Begin', { 'slipway.yaml': 'kind: Procedure\n', 'app/README.md': '' });
    const before = readdirSync(repository.folder).sort();
    const { exists, file } = await draft({ folder: join(repository.folder, 'app') });
    assert.deepEqual([exists, file], [true, join(repository.folder, 'slipway.yaml')]);
    assert.deepEqual(readdirSync(repository.folder).sort(), before);
  });

  it('P-08e is valid for a repository with nothing in it', async () => {
    const { text, questions } = await draft({ environments: ['live'] });
    assert.deepEqual(questions, []);
    assert.deepEqual(
      parse(text).environments.map(({ name, data }) => [name, data]),
      [['live', 'live']],
    );
    assert.match(unwrap(text), /Decide: no folder with a Chart\.yaml was found/);
  });

  it('P-08a leaves out charts of charts, libraries, and what git ignores', async () => {
    const chart = (folder: string, name: string) =>
      buildChart(folder, { kind: 'Deployment', name, repository: name });
    repository.commit('Begin', {
      ...chart('charts/shop', 'shop'),
      ...chart('charts/shop/charts/db', 'db'),
      ...chart('ignored/old', 'old'),
      'charts/lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n',
      '.gitignore': 'ignored/\n',
    });
    const { charts } = await draft();
    assert.deepEqual(
      charts.map(({ path, name, workload }) => [path, name, workload?.workload]),
      [['charts/shop', 'shop', 'deployment/shop']],
    );
  });

  it('P-08a reads the templates of a chart at the top', async () => {
    repository.commit(
      'Begin',
      buildChart('.', { kind: 'Deployment', name: 'shop', repository: 'example/shop' }),
    );
    const { charts, text } = await draft();
    assert.deepEqual(
      charts.map(({ path, workload }) => [path, workload?.workload, workload?.image, workload?.tagKey]),
      [['.', 'deployment/shop', 'example/shop:{version}', 'image.tag']],
    );
    assert.equal(parse(text).components[0]?.helm?.chart, '.');
  });

  for (const [where, place] of [
    ['in a folder that is not called charts', 'helm'],
    ['at the top', '.'],
  ] as const) {
    it(`P-08a leaves out the charts of a chart ${where}, and their values files`, async () => {
      repository.commit('Begin', {
        ...buildChart(place, { kind: 'Deployment', name: 'shop', repository: 'shop' }),
        ...buildChart(join(place, 'charts/api'), { kind: 'Deployment', name: 'api', repository: 'api' }),
        [join(place, 'charts/api/values-production.yaml')]: 'replicas: 2\n',
      });
      const { charts, questions } = await draft();
      assert.deepEqual(
        charts.map(({ path, values }) => [path, values]),
        [[place, []]],
      );
      assert.deepEqual(questions, ['environments'], 'no environment comes from the values of a part');
    });
  }

  it('P-08a offers the charts below a library at the top, and those in a folder that is no chart', async () => {
    const chart = (folder: string, name: string) =>
      buildChart(folder, { kind: 'Deployment', name, repository: name });
    repository.commit('Begin', {
      'Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n',
      ...chart('charts/api', 'api'),
      ...chart('charts/group/charts/web', 'web'),
    });
    const { charts } = await draft();
    assert.deepEqual(charts.map(({ name }) => name).sort(), ['api', 'web']);
  });

  it('P-08g finds the value that sets the tag below a key with a hyphen', async () => {
    const files = buildChart('charts/shop', { kind: 'Deployment', name: 'shop', repository: 'example/shop' });
    repository.commit('Begin', {
      ...files,
      'charts/shop/values.yaml': 'web-app: {image: {repository: example/web, tag: latest}}\n',
      'charts/shop/templates/workload.yaml': (files['charts/shop/templates/workload.yaml'] ?? '')
        .replace('.Values.image.repository', '(index .Values "web-app").image.repository')
        .replace('.Values.image.tag', 'index .Values "web-app" "image" "tag"'),
    });
    const { text } = await draft();
    const procedure = parse(text);
    assert.deepEqual(procedure.components[0]?.helm?.set, { 'web-app.image.tag': '{version}' });
    assert.deepEqual(procedure.releases.images, { shop: 'example/web:{version}' });
  });
});
