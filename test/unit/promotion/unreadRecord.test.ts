import assert from 'node:assert/strict';
import { planRollback } from '../../../daemon/promotion/planRollback.ts';
import { planUpgrade } from '../../../daemon/promotion/planUpgrade.ts';
import { aPlanContext, type Revision, shop } from '../../builders/planContext.ts';

describe("a plan where one of Helm's records holds a manifest that cannot be read", () => {
  const good: Revision = { colour: 'blue' };
  const unread: Revision = { colour: 'blue', manifest: '# Source: shop/templates/a.yaml\na: [}\n' };
  const plan = (...revisions: readonly Revision[]) => aPlanContext({ helm: 'v4.3.1', revisions });
  const said =
    /What helm rendered cannot be read: shop\/templates\/a\.yaml: Flow sequence .*\. This is revision (?<revision>\d) of shop: (?<lack>.*)/;
  const readWarning = (warnings: readonly string[]) => ({ ...said.exec(warnings.join('\n'))?.groups });

  it('L-14d is made all the same for an upgrade, and says what is not shown', async () => {
    const context = plan(unread);
    const { steps, warnings, objects } = await planUpgrade(context, shop, {
      version: 'v2',
      commit: 'c'.repeat(40),
    });
    assert.equal(steps[0]?.kind, 'helmUpgrade');
    assert.deepEqual(
      objects.map(({ object }) => object),
      ['v1/ConfigMap/shop'],
    );
    assert.deepEqual(readWarning(warnings), { revision: '1', lack: 'what goes with it is not shown.' });
  });

  it('L-17d goes back from it, and says what is not shown', async () => {
    const { steps, warnings, objects } = await planRollback(plan(good, unread), shop);
    assert.match(steps[0]?.title ?? '', /helm rollback shop 1/);
    assert.equal(objects.length, 1);
    assert.deepEqual(readWarning(warnings), { revision: '2', lack: 'what goes with it is not shown.' });
  });

  it('L-17d goes back to it without a diff, which would show that everything goes', async () => {
    const { steps, warnings, objects, texts } = await planRollback(plan(unread, good), shop);
    assert.match(steps[0]?.title ?? '', /helm rollback shop 1/);
    assert.deepEqual([objects, Object.values(texts).join('')], [[], '']);
    assert.deepEqual(readWarning(warnings), {
      revision: '1',
      lack: 'what changes is not shown, and no workload is verified.',
    });
  });
});

describe("a plan where one of Helm's records is damaged", () => {
  const plan = (...revisions: readonly Revision[]) => aPlanContext({ helm: 'v4.3.1', revisions });
  const [blue, green] = [{ colour: 'blue' }, { colour: 'green' }];
  const damaged = { ...green, damaged: true };

  it('L-17a goes back past it to one that is whole', async () => {
    const { steps } = await planRollback(plan(blue, damaged, green), shop);
    assert.match(steps[0]?.title ?? '', /helm rollback shop 1/);
  });

  it('L-14a is not made where it is the newest, which helm itself has to read, and names it', async () => {
    const release = { version: 'v2', commit: 'c'.repeat(40) };
    await assert.rejects(planUpgrade(plan(blue, damaged), shop, release), {
      code: 'toolFailed',
      message:
        /^Helm's record sh\.helm\.release\.v1\.shop\.v2 in namespace \S+ cannot be read: it is damaged/,
    });
  });
});
