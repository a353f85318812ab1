import assert from 'node:assert/strict';
import { describeHooks } from '../../../daemon/promotion/describeHooks.ts';
import { planRollback } from '../../../daemon/promotion/planRollback.ts';
import { planUpgrade } from '../../../daemon/promotion/planUpgrade.ts';
import type { HelmHook } from '../../../daemon/protocol/helmHook.ts';
import { aPlanContext, shop } from '../../builders/planContext.ts';

/** A hook as helm 4.3.1 writes it. */
function aHook(values: Partial<HelmHook> = {}): HelmHook {
  return {
    name: 'migrate',
    kind: 'Job',
    events: ['pre-upgrade'],
    weight: 0,
    manifest: `apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {helm.sh/hook: pre-upgrade}}
spec:
  template:
    spec:
      initContainers: [{name: wait, image: "example/wait:1"}]
      containers: [{name: migrate, image: "example/migrate:v1.0.0"}, {name: again, image: "example/wait:1"}]
`,
    ...values,
  };
}

const pod = (image: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {generateName: p-}\nspec: {containers: [{name: p, image: "${image}"}]}\n`;

describe('the hooks of a chart', () => {
  it('L-14c are told with their images, each time that they take part', () => {
    const events = ['pre-upgrade', 'post-upgrade', 'pre-install'];
    assert.deepEqual(describeHooks([aHook({ events })], 'upgrade'), [
      'Job/migrate runs before the upgrade (pre-upgrade hook), with the images example/wait:1, example/migrate:v1.0.0.',
      'Job/migrate runs after the upgrade (post-upgrade hook), with the images example/wait:1, example/migrate:v1.0.0.',
    ]);
    assert.match(
      describeHooks([aHook({ events })], 'install').join('\n'),
      /^Job\/migrate runs before the installation \(pre-install hook\), .*$/,
    );
  });

  it('L-14c are not told where they take no part: tests, removals, other operations', () => {
    const hooks = [['test'], ['pre-delete'], ['pre-rollback'], []].map(events => aHook({ events }));
    assert.deepEqual(describeHooks(hooks, 'upgrade'), []);
  });

  it('L-14c are told in the order in which helm runs them', () => {
    const hooks = [
      aHook({ name: 'last', weight: 5, events: ['post-upgrade'] }),
      aHook({ name: 'second', weight: 5 }),
      aHook({ name: 'first', weight: -5 }),
    ];
    assert.deepEqual(
      describeHooks(hooks, 'upgrade').map(text => text.split(' ')[0]),
      ['Job/first', 'Job/second', 'Job/last'],
    );
  });

  it('L-14c are told as far as they can be read', () => {
    const hooks = [
      aHook({ name: '', kind: 'Pod', manifest: pod('example/once:2') }),
      aHook({ name: 'settings', kind: 'ConfigMap', manifest: 'kind: [}' }),
    ];
    assert.deepEqual(describeHooks(hooks, 'upgrade'), [
      'Pod/p-* runs before the upgrade (pre-upgrade hook), with the image example/once:2.',
      'ConfigMap/settings is applied before the upgrade (pre-upgrade hook).',
    ]);
  });
});

describe('a plan of a chart with hooks', () => {
  const hooks = [
    aHook({ events: ['pre-install', 'pre-rollback'], manifest: pod('example/migrate:v1') }),
    aHook({ events: ['post-upgrade', 'pre-delete'], manifest: pod('example/migrate:v2') }),
  ];
  const release = { version: 'v2', commit: 'c'.repeat(40) };
  const told = (warnings: readonly string[]) =>
    warnings.flatMap(
      text => /Job\/migrate .*\((?<hook>.*) hook\).*(?<image>v\d)\./.exec(text)?.slice(1) ?? [],
    );

  it('L-14c tells the hooks of the installation or of the upgrade', async () => {
    const plan = async (revisions: Parameters<typeof aPlanContext>[0]['revisions']) =>
      told((await planUpgrade(aPlanContext({ helm: 'v4.3.1', revisions, hooks }), shop, release)).warnings);
    assert.deepEqual(await plan([]), ['pre-install', 'v1']);
    assert.deepEqual(await plan([{ colour: 'blue' }]), ['post-upgrade', 'v2']);
    assert.deepEqual(await plan([{ colour: 'blue', status: 'uninstalled' }]), ['pre-install', 'v1']);
  });

  it('L-17d tells the hooks of the revision that comes back', async () => {
    const revisions = [{ colour: 'blue', hooks }, { colour: 'red' }];
    const { warnings } = await planRollback(aPlanContext({ helm: 'v4.3.1', revisions }), shop);
    assert.deepEqual(told(warnings), ['pre-rollback', 'v1']);
  });

  it('L-17d tells the hooks of a release that is taken away', async () => {
    const revisions = [{ colour: 'blue', status: 'failed', hooks }];
    const { warnings } = await planRollback(aPlanContext({ helm: 'v4.3.1', revisions }), shop);
    assert.deepEqual(told(warnings), ['pre-delete', 'v2']);
  });
});
