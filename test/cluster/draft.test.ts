import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Draft } from '../../daemon/sources/draft/draftProcedure.ts';
import { draftProcedure } from '../../daemon/sources/draft/draftProcedure.ts';
import { parseProcedure } from '../../daemon/sources/procedure/parseProcedure.ts';
import { Toolbox } from '../../daemon/sources/toolbox.ts';
import { ensureTools, type Tools } from '../../sandbox/ensureTools.ts';
import { runCommand } from '../../sandbox/runCommand.ts';
import { buildChart, OwnRepository } from './ownRepository.ts';
import { clusterStartMs } from './sharedCluster.ts';

describe('a draft with a real helm', () => {
  let tools: Tools;
  let folder: string;

  before(async function () {
    this.timeout(clusterStartMs);
    tools = await ensureTools({ onProgress: message => console.log(message) });
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-draft-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  function draft(at: string): Promise<Draft> {
    const toolbox = new Toolbox({
      ...process.env,
      SLIPWAY_HOME: folder,
      PATH: `${tools.binDirectory}:${process.env['PATH'] ?? ''}`,
      KUBECONFIG: join(folder, 'none'),
    });
    return draftProcedure({ folder: at }, { toolbox, signal: new AbortController().signal });
  }

  const parse = (text: string) => {
    const { procedure, diagnostics } = parseProcedure(text);
    assert.deepEqual(diagnostics, [], text);
    return procedure ?? assert.fail(text);
  };

  it('P-08a finds what the sample says by hand, though its chart needs a tag to be rendered', async () => {
    const repository = await OwnRepository.create(join(folder, 'kosmos'));
    await cp(join(import.meta.dirname, '../../sandbox/kosmos'), repository.folder, { recursive: true });
    await rm(join(repository.folder, 'slipway.yaml'));
    await repository.release('v2.0.0', {});
    const { text, questions } = await draft(repository.folder);
    const procedure = parse(text);
    assert.deepEqual(questions, []);
    const [component] = procedure.components;
    assert.deepEqual(component?.workload, { kind: 'deployment', name: 'agent-name' });
    assert.equal(component?.container, 'agent');
    assert.deepEqual(component?.helm?.values, ['values-{environment}.yaml']);
    assert.deepEqual(component?.helm?.set, { 'image.tag': '{version}' });
    assert.deepEqual(procedure.releases.images, { kosmos: 'kosmos/agent:{version}' });
    assert.equal(procedure.document, 'docs/deployment-procedures.md');
    assert.deepEqual(
      procedure.environments.map(({ name, after }) => [name, after]),
      [
        ['development', undefined],
        ['staging', 'development'],
        ['production', 'staging'],
      ],
    );
    assert.match(text, /as helm renders it/);
  });

  it('P-08a reads the chart that "helm create" makes', async () => {
    const repository = await OwnRepository.create(join(folder, 'web'));
    await runCommand(tools.helm, ['create', 'web'], { cwd: repository.folder });
    await repository.commit('Begin', { 'web/values-prod.yaml': 'replicaCount: 2\n' });
    const procedure = parse((await draft(repository.folder)).text);
    const [component] = procedure.components;
    assert.deepEqual(component?.workload, { kind: 'deployment', name: 'web' });
    assert.deepEqual(component?.helm?.set, { 'image.tag': '{version}' });
    assert.deepEqual(component?.helm?.values, ['web/values-{environment}.yaml']);
    assert.deepEqual(procedure.releases.images, { web: 'nginx:{version}' });
  });

  it('P-08g reads the templates where helm cannot render the chart, and repeats why', async () => {
    const repository = await OwnRepository.create(join(folder, 'shop'));
    await repository.commit('Begin', {
      ...buildChart('charts/shop', { kind: 'Deployment', name: 'shop', repository: 'example/shop' }),
      'charts/shop/templates/guard.yaml': '{{ fail "not without a licence" }}\n',
    });
    const { text } = await draft(repository.folder);
    assert.deepEqual(parse(text).components[0]?.workload, { kind: 'deployment', name: 'shop' });
    assert.match(text.replaceAll(/\n *# /g, ' '), /Helm could not render it: .*not without a licence/);
  });
});
