import assert from 'node:assert/strict';
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { buildReleaseDigest } from '../../../daemon/model/digests/releaseDigest.ts';
import type { Procedure } from '../../../daemon/model/procedure.ts';
import { parseProcedure } from '../../../daemon/sources/procedure/parseProcedure.ts';
import { type ChartUse, checkChart } from '../../../daemon/sources/releases/checkChart.ts';
import { Checkouts } from '../../../daemon/sources/releases/checkouts.ts';
import { type Clone, readIds } from '../../../daemon/sources/releases/clone.ts';
import { Clones } from '../../../daemon/sources/releases/clones.ts';
import { CommitIds } from '../../../daemon/sources/releases/commitIds.ts';
import { findRepository } from '../../../daemon/sources/releases/findRepository.ts';
import { readReleaseFacts } from '../../../daemon/sources/releases/releaseFacts.ts';
import { TestFolder, TestRepository } from './testRepository.ts';

const chart = { 'charts/kosmos/Chart.yaml': 'apiVersion: v2\nname: kosmos\nversion: 1.0.0\n' };

describe('the files of a release', () => {
  let home: TestFolder;
  let repository: TestRepository;
  let checkouts: Checkouts;
  beforeEach(() => {
    home = new TestFolder();
    repository = new TestRepository(home, 'kosmos');
    checkouts = new Checkouts({ folder: join(home.path, 'checkouts') });
  });
  afterEach(() => home.dispose());

  const refresh = async (): Promise<Clone> => {
    const clones = new Clones({ git: home.git, folder: join(home.path, 'repositories') });
    return (await clones.refresh(await findRepository(home.git, repository.folder), 'local')).clone;
  };

  it('are those of its commit, not of the working tree', async () => {
    const first = repository.commit('First', { ...chart, 'values.yaml': 'replicas: 1\n' });
    repository.commit('Second', { 'values.yaml': 'replicas: 2\n' });
    repository.write('values.yaml', 'replicas: 3\n');
    const { folder } = await checkouts.checkout(await refresh(), 'id', first);
    assert.equal(readFileSync(join(folder, 'values.yaml'), 'utf8'), 'replicas: 1\n');
    assert.deepEqual(readdirSync(folder).toSorted(), ['charts', 'values.yaml']);
  });

  it("are its bytes: no line ends, keywords or left-out files by the repository's attributes", async () => {
    repository.write(
      '.gitattributes',
      '*.crlf text eol=crlf\n*.id ident\n*.left export-ignore\n*.sub export-subst\n*.lfs filter=evil\n',
    );
    const files = {
      'a.crlf': 'one\ntwo\n',
      'b.id': '$Id$\n',
      'c.left': 'here\n',
      'd.sub': '$Format:%H$\n',
      'e.lfs': 'version https://git-lfs.github.com/spec/v1\n',
    };
    const commit = repository.commit('First', files);
    const ran = join(home.path, 'ran');
    writeFileSync(
      join(home.path, 'home', '.gitconfig'),
      `[core]\n\tautocrlf = true\n[filter "evil"]\n\tsmudge = "touch ${ran}; cat"\n\trequired = true\n`,
    );
    const { folder } = await checkouts.checkout(await refresh(), 'id', commit);
    for (const [name, text] of Object.entries(files)) {
      assert.equal(readFileSync(join(folder, name), 'utf8'), text, name);
    }
    assert.equal(existsSync(ran), false);
  });

  it('are written once and used again', async () => {
    const commit = repository.commit('First', chart);
    const clone = await refresh();
    const [one, two] = await Promise.all([
      checkouts.checkout(clone, 'id', commit),
      checkouts.checkout(clone, 'id', commit),
    ]);
    const written = statSync(join(one.folder, 'charts/kosmos/Chart.yaml'), { bigint: true });
    const again = await checkouts.checkout(clone, 'id', commit);
    assert.deepEqual([two.folder, again.folder], [one.folder, one.folder]);
    assert.equal(statSync(join(again.folder, 'charts/kosmos/Chart.yaml'), { bigint: true }).ino, written.ino);
    assert.deepEqual(readdirSync(join(home.path, 'checkouts', 'id')), [commit]);
  });

  it('are written again when somebody has changed, added or removed one', async () => {
    const commit = repository.commit('First', chart);
    const clone = await refresh();
    const { folder } = await checkouts.checkout(clone, 'id', commit);
    const file = join(folder, 'charts/kosmos/Chart.yaml');
    const times = statSync(file);
    const tamperings: readonly (() => void)[] = [
      () => {
        // Same length, same time: only the change time tells.
        writeFileSync(file, chart['charts/kosmos/Chart.yaml'].replace('1.0.0', '6.6.6'));
        utimesSync(file, times.atime, times.mtime);
      },
      () => writeFileSync(join(folder, 'charts/kosmos/more.yaml'), 'evil: true\n'),
      () => rmSync(file),
      () => rmSync(join(folder, '..', 'index')),
    ];
    for (const tamper of tamperings) {
      tamper();
      const again = await checkouts.checkout(clone, 'id', commit);
      assert.equal(
        readFileSync(join(again.folder, 'charts/kosmos/Chart.yaml'), 'utf8'),
        chart['charts/kosmos/Chart.yaml'],
      );
      assert.deepEqual(readdirSync(join(again.folder, 'charts/kosmos')), ['Chart.yaml']);
    }
  });

  it('go by age, but not while they are used', async () => {
    const old = repository.commit('First', chart);
    const used = repository.commit('Second', { a: 'a' });
    const clone = await refresh();
    (await checkouts.checkout(clone, 'id', old)).dispose();
    const held = await checkouts.checkout(clone, 'id', used);
    const later = new Date(Date.now() + 1000 * 3600);
    assert.equal(await checkouts.clean({ now: later, maxAgeMs: 2 * 1000 * 3600 }), 0);
    assert.equal(await checkouts.clean({ now: later, maxAgeMs: 1000 * 60 }), 1);
    assert.deepEqual(readdirSync(join(home.path, 'checkouts', 'id')), [used]);
    held.dispose();
    held.dispose();
    assert.equal(await checkouts.clean({ now: later, maxAgeMs: 1000 * 60 }), 1);
  });

  it('are not laid out for a commit that is not there', async () => {
    repository.commit('First', chart);
    const clone = await refresh();
    await assert.rejects(checkouts.checkout(clone, 'id', 'f'.repeat(40)), { code: 'toolFailed' });
    assert.deepEqual(readdirSync(join(home.path, 'checkouts', 'id')), []);
  });

  const use = (commit: string, more: Partial<ChartUse> = {}): ChartUse => ({
    commit,
    version: 'v1',
    chart: './charts/kosmos',
    values: [],
    ...more,
  });

  it('are a whole chart with its values, or it is said what is missing', async () => {
    const commit = repository.commit('First', { ...chart, 'values.yaml': '{}\n', 'plain/x': 'x' });
    const clone = await refresh();
    await checkChart(clone, use(commit, { values: ['values.yaml'] }));
    await assert.rejects(checkChart(clone, use(commit, { chart: 'charts/other' })), {
      code: 'chartMissing',
      message: /v1 has no folder charts\/other/,
    });
    await assert.rejects(checkChart(clone, use(commit, { chart: 'plain' })), {
      code: 'chartMissing',
      message: /no plain\/Chart\.yaml/,
    });
    await assert.rejects(checkChart(clone, use(commit, { chart: 'values.yaml' })), {
      code: 'chartMissing',
      message: /is a file/,
    });
    await assert.rejects(checkChart(clone, use(commit, { values: ['values-staging.yaml'] })), {
      code: 'valuesMissing',
      message: /no file values-staging\.yaml/,
    });
    // A pattern is a name here.
    await assert.rejects(checkChart(clone, use(commit, { values: ['val*.yaml'] })), {
      code: 'valuesMissing',
    });
  });

  it('P-09h say which charts there are where the path leads to none', async () => {
    const commit = repository.commit('First', chart);
    const clone = await refresh();
    const wrong = use(commit, { chart: 'charts/cosmos', governing: { commit, from: 'main' } });
    await assert.rejects(checkChart(clone, wrong), {
      code: 'chartMissing',
      message: 'v1 has no folder charts/cosmos.',
      next: 'Check the chart path of the component in slipway.yaml: v1 has charts/kosmos.',
    });
  });

  it('P-09i say that a tag is older than the chart', async () => {
    const old = repository.commit('First', { 'README.md': 'No chart yet.' });
    const commit = repository.commit('Second', chart);
    const clone = await refresh();
    await assert.rejects(checkChart(clone, use(old, { governing: { commit, from: 'origin/main' } })), {
      code: 'chartMissing',
      message: 'v1 has no folder ./charts/kosmos.',
      next: /^origin\/main has it, so v1 is older than the chart: promote a later release/,
    });
    await assert.rejects(checkChart(clone, use(old)), { next: /v1 holds no chart at all/ });
  });

  it('P-09j say which values files there are beside the one that is missing', async () => {
    const commit = repository.commit('First', {
      ...chart,
      'values-staging.yaml': '{}\n',
      'other.yaml': '{}\n',
    });
    const clone = await refresh();
    await assert.rejects(checkChart(clone, use(commit, { values: ['values-qa.yaml'] })), {
      code: 'valuesMissing',
      message: 'v1 has no file values-qa.yaml.',
      next: 'Check the values files of the component in slipway.yaml: it has values-staging.yaml.',
    });
    await assert.rejects(checkChart(clone, use(commit, { values: ['env/values-qa.yaml'] })), {
      next: /it has no values file there/,
    });
  });

  it('need the dependencies of the chart in its charts folder', async () => {
    const text = `${chart['charts/kosmos/Chart.yaml']}dependencies:\n- {name: redis, version: 1.x, repository: https://example.org}\n- {name: common, version: 1.x, repository: file://../common}\n`;
    const lacking = repository.commit('First', {
      'charts/kosmos/Chart.yaml': text,
      'charts/kosmos/charts/redis-ha-1.0.0.tgz': 'x',
    });
    const held = repository.commit('Second', {
      'charts/kosmos/charts/redis-1.2.3.tgz': 'x',
      'charts/kosmos/charts/common/Chart.yaml': 'name: common\n',
    });
    const clone = await refresh();
    await assert.rejects(checkChart(clone, use(lacking)), {
      code: 'chartMissing',
      message: /needs redis, common/,
      next: /helm dependency build \.\/charts\/kosmos/,
    });
    await checkChart(clone, use(held));
  });

  it('say that Chart.lock is older than the dependencies it was made for, as helm finds it', async () => {
    const write = (range: string, more = '') =>
      `apiVersion: v2\nname: app\nversion: 0.1.0\ndependencies:\n- {name: lib, version: ${range}, repository: 'file://../lib'${more}}\n`;
    // Written by helm 4.3.1 for the range 1.x.x.
    const lock = (digest: string) =>
      `dependencies:\n- name: lib\n  repository: file://../lib\n  version: 1.0.0\ndigest: sha256:${digest}\ngenerated: "2026-11-26T16:35:28.760479934Z"\n`;
    const plain = '1c9e951e0eabb8a78c3e00de288c0f6715ebe6909bd3a713ae798f9cc77f7948';
    const named = '48c39295c149a6f2a2ef4b3b5b058e2a283a67a918c4bd3c1cbdeb506e3252cf';
    const commit = (chartFile: string, digest: string) =>
      repository.commit('Next', {
        'charts/kosmos/Chart.yaml': chartFile,
        'charts/kosmos/Chart.lock': lock(digest),
        'charts/kosmos/charts/lib-1.0.0.tgz': 'x',
      });
    const fresh = [commit(write('1.x.x'), plain), commit(write('1.x.x', ', alias: mylib'), named)];
    const stale = commit(write('2.x.x'), plain);
    const clone = await refresh();
    for (const one of fresh) {
      assert.deepEqual(await checkChart(clone, use(one)), []);
    }
    const [warning = '', ...others] = await checkChart(clone, use(stale));
    assert.deepEqual(others, []);
    assert.match(
      warning,
      /^charts\/kosmos\/Chart\.lock in v1 is older .*helm dependency update \.\/charts\/kosmos/,
    );
  });

  it('may not have a packed dependency in Git LFS', async () => {
    const text = `${chart['charts/kosmos/Chart.yaml']}dependencies:\n- {name: redis, version: 1.x}\n`;
    const commit = repository.commit('First', {
      'charts/kosmos/Chart.yaml': text,
      'charts/kosmos/charts/redis-1.2.3.tgz':
        'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n',
    });
    await assert.rejects(checkChart(await refresh(), use(commit)), {
      code: 'chartMissing',
      message: 'charts/kosmos/charts/redis-1.2.3.tgz is kept in Git LFS, which Slipway does not download.',
    });
  });

  it('need no dependency where none of the list is left, or where it gives nothing but a name', async () => {
    const text = chart['charts/kosmos/Chart.yaml'];
    const commented = repository.commit('First', {
      'charts/kosmos/Chart.yaml': `${text}dependencies:\n# - {name: redis, version: 1.x}\n`,
    });
    const sparse = repository.commit('Second', {
      'charts/kosmos/Chart.yaml': `${text}dependencies:\n- name: redis\n  alias:\n  version: 1.x\n`,
      'charts/kosmos/charts/redis-1.2.3.tgz': 'x',
    });
    const clone = await refresh();
    await checkChart(clone, use(commented));
    await checkChart(clone, use(sparse));
  });

  it('have a dependency in a folder of any name, as helm finds it by the name of its chart', async () => {
    const text = `${chart['charts/kosmos/Chart.yaml']}dependencies:\n- {name: redis, version: 1.x}\n`;
    const other = repository.commit('First', {
      'charts/kosmos/Chart.yaml': text,
      'charts/kosmos/charts/cache/Chart.yaml': 'name: memcached\n',
      'charts/kosmos/charts/cache/charts/deep/Chart.yaml': 'name: redis\n',
    });
    const named = repository.commit('Second', {
      'charts/kosmos/charts/cache/Chart.yaml': 'name: redis\n',
    });
    const clone = await refresh();
    await assert.rejects(checkChart(clone, use(other)), { message: /needs redis, which/ });
    await checkChart(clone, use(named));
  });

  for (const top of ['.', './']) {
    it(`are a whole chart at the top of the repository, too: ${top}`, async () => {
      const text = 'apiVersion: v2\nname: kosmos\nversion: 1.0.0\n';
      const none = repository.commit('First', { 'values.yaml': '{}\n' });
      const lacking = repository.commit('Second', {
        'Chart.yaml': `${text}dependencies:\n- {name: redis, version: 1.x}\n`,
      });
      const held = repository.commit('Third', { 'charts/redis/Chart.yaml': 'name: redis\n' });
      const clone = await refresh();
      await assert.rejects(checkChart(clone, use(none, { chart: top })), {
        code: 'chartMissing',
        message: `v1 has no Chart.yaml, so ${top} is no chart.`,
      });
      await assert.rejects(checkChart(clone, use(lacking, { chart: top })), {
        message: /needs redis, which/,
        next: `Run "helm dependency build ${top}", commit charts, and tag a new version.`,
      });
      await checkChart(clone, use(held, { chart: top, values: ['values.yaml'] }));
    });
  }

  it('P-09h say that the chart is at the top where the path leads elsewhere', async () => {
    const commit = repository.commit('First', { 'Chart.yaml': 'name: kosmos\n' });
    await assert.rejects(checkChart(await refresh(), use(commit)), {
      next: 'Check the chart path of the component in slipway.yaml: v1 has . (the top).',
    });
  });

  it('may not lead out of the repository by a link', async () => {
    repository.commit('First', { ...chart, 'shared/x.yaml': 'x' });
    symlinkSync('../../shared/x.yaml', join(repository.folder, 'charts/kosmos/inside.yaml'));
    const inside = repository.commit('Second', {});
    symlinkSync('../../../etc/passwd', join(repository.folder, 'charts/kosmos/outside.yaml'));
    const outside = repository.commit('Third', {});
    symlinkSync('charts/kosmos', join(repository.folder, 'link'));
    const linked = repository.commit('Fourth', {});
    const clone = await refresh();
    await checkChart(clone, use(inside));
    await assert.rejects(checkChart(clone, use(outside)), {
      message: /outside\.yaml in v1 is a link to .*outside the repository/,
    });
    await assert.rejects(checkChart(clone, use(linked, { chart: 'link' })), { message: /link is a link/ });
  });

  it('are not in Git LFS', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n';
    const commit = repository.commit('First', { ...chart, 'values.yaml': pointer });
    await assert.rejects(checkChart(await refresh(), use(commit, { values: ['values.yaml'] })), {
      code: 'valuesMissing',
      next: /git lfs untrack/,
    });
  });

  it('are digested by commit, images, chart and migrations', async () => {
    const first = repository.commit('First', { ...chart, 'migrations/V1.sql': 'select 1;\n' });
    const second = repository.commit('Second', { 'charts/kosmos/values.yaml': 'a: 1\n' });
    const third = repository.commit('Third', { 'migrations/V2.sql': 'select 2;\n' });
    const clone = await refresh();
    const read = (commit: string, version = 'v1') =>
      readReleaseFacts(idsOf(clone), buildProcedure(), { version, commit });
    const [one, two, three] = await Promise.all([first, second, third].map(commit => read(commit)));
    assert.deepEqual(one?.images, [
      { name: 'registry:5000/kosmos/agent', tag: 'v1', digest: 'unverified' },
      { name: 'kosmos/web', tag: 'latest', digest: `sha256:${'a'.repeat(64)}` },
    ]);
    const treeOf = (commit: string, path: string) => repository.git('rev-parse', `${commit}:${path}`);
    assert.deepEqual(one?.charts, [{ path: 'charts/kosmos', tree: treeOf(first, 'charts/kosmos') }]);
    assert.equal(one?.migrations, treeOf(first, 'migrations'));
    assert.notEqual(two?.charts[0]?.tree, one?.charts[0]?.tree);
    assert.equal(two?.migrations, one?.migrations);
    assert.equal(three?.charts[0]?.tree, two?.charts[0]?.tree);
    assert.notEqual(three?.migrations, two?.migrations);
    const facts = [one, two, three, await read(first, 'v2')].filter(found => found !== undefined);
    assert.equal(new Set(facts.map(buildReleaseDigest)).size, 4);
    assert.equal(buildReleaseDigest(await read(first)), buildReleaseDigest(await read(first)));
  });

  it('are digested whole where the chart is at the top', async () => {
    const first = repository.commit('First', { 'Chart.yaml': 'name: kosmos\n', 'templates/a.yaml': 'a\n' });
    const second = repository.commit('Second', { 'templates/a.yaml': 'b\n' });
    const clone = await refresh();
    for (const top of ['.', './']) {
      const read = (commit: string) =>
        readReleaseFacts(idsOf(clone), buildProcedure(top), { version: 'v1', commit });
      const [one, two] = await Promise.all([first, second].map(read));
      assert.deepEqual(one?.charts[0], { path: '.', tree: repository.git('rev-parse', `${first}^{tree}`) });
      assert.deepEqual(two?.charts[0], { path: '.', tree: repository.git('rev-parse', `${second}^{tree}`) });
      // The commit apart, which differs anyway.
      const digests = [one, two].flatMap(facts =>
        facts ? buildReleaseDigest({ ...facts, commit: '' }) : [],
      );
      assert.equal(new Set(digests).size, 2);
    }
  });

  it('have ids by their paths, the top among them', async () => {
    const commit = repository.commit('First', { 'values.yaml': '{}\n' });
    assert.deepEqual(await readIds(await refresh(), commit, ['./', './values.yaml', 'other.yaml']), {
      './': repository.git('rev-parse', `${commit}^{tree}`),
      './values.yaml': repository.git('rev-parse', `${commit}:values.yaml`),
      'other.yaml': 'missing',
    });
  });

  it('have ids that are remembered, by commit and path, since what a commit holds never changes', async () => {
    const first = repository.commit('First', { 'values.yaml': '{}\n' });
    const second = repository.commit('Second', { 'values.yaml': 'a: 1\n' });
    const idAt = (commit: string) => repository.git('rev-parse', `${commit}:values.yaml`);
    const clone = await refresh();
    const ids = new CommitIds();
    assert.deepEqual(await ids.read(clone, first, ['values.yaml', 'gone.yaml']), {
      'values.yaml': idAt(first),
      'gone.yaml': 'missing',
    });
    // git would fail here.
    const gone = { ...clone, folder: join(clone.folder, 'gone') };
    assert.deepEqual(await ids.read(gone, first, ['gone.yaml', './values.yaml']), {
      './values.yaml': idAt(first),
      'gone.yaml': 'missing',
    });
    await assert.rejects(ids.read(gone, second, ['values.yaml']));
    assert.deepEqual(await ids.read(clone, second, ['values.yaml']), { 'values.yaml': idAt(second) });
  });
});

function idsOf(clone: Clone) {
  return (commit: string, paths: readonly string[]) => readIds(clone, commit, paths);
}

function buildProcedure(chartOfAgent = './charts/kosmos/'): Procedure {
  const { procedure, diagnostics } = parseProcedure(`
apiVersion: slipway.dev/v1
kind: Procedure
name: kosmos
releases:
  images: {agent: 'registry:5000/kosmos/agent:{version}', web: 'kosmos/web@sha256:${'a'.repeat(64)}'}
components:
  agent: {methods: {helm: {release: kosmos, chart: ${chartOfAgent}}}}
  web: {methods: {helm: {release: web, chart: charts/kosmos}}}
database: {migrations: migrations}
environments:
  development: {cluster: {namespace: kosmos}}
  staging: {cluster: {namespace: kosmos}}
`);
  assert.ok(procedure, JSON.stringify(diagnostics));
  return procedure;
}
