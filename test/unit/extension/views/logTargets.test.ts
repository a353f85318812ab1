import assert from 'node:assert/strict';
import { buildEnvironmentItem } from '../../../../extension/views/environmentItems.ts';
import { buildPromotionItem } from '../../../../extension/views/promotionItems.ts';
import type { ViewItem } from '../../../../extension/views/viewItem.ts';
import { aCause, anEnvironment, aPod, aPromotion, aWorkload, someWords } from '../../../builders/views.ts';

const environment = anEnvironment({
  health: 'fail',
  causes: [aCause()],
  workloads: [aWorkload({ pods: [aPod()] })],
});

/** Every item of a tree, itself included. */
function flatten(item: ViewItem): readonly ViewItem[] {
  return [item, ...item.children.flatMap(flatten)];
}

/** What the command is told by each row of a kind: its `workload`. */
function readWorkloads(items: readonly ViewItem[], context: string): readonly (string | undefined)[] {
  return items.filter(item => item.context === context).map(({ target }) => target.workload);
}

describe('what the logs of a row are', () => {
  const environmentItems = flatten(
    buildEnvironmentItem(environment, { id: 'e', repositoryId: 'repository' }, someWords()),
  );
  const promotionItems = flatten(
    buildPromotionItem(aPromotion(), { parent: 'p', open: 'expanded', environment }, someWords()),
  );

  for (const [where, items] of [
    ['an environment', environmentItems],
    ['a promotion that runs', promotionItems],
  ] as const) {
    it(`P-05a are those of the workload, the pod and the cause below ${where}`, () => {
      assert.deepEqual(readWorkloads(items, 'workload'), ['deployment/agent-name']);
      assert.deepEqual(readWorkloads(items, 'pod'), ['pod/agent-name-5d9-abcde']);
      assert.deepEqual(readWorkloads(items, 'cause'), [`pod/${aCause().pod}`]);
      for (const { target } of items.filter(({ context }) => /^(workload|pod|cause)$/.test(context))) {
        assert.deepEqual([target.repositoryId, target.environment], ['repository', 'staging']);
      }
    });
  }

  it('P-05a are offered on the step beside which something fails', () => {
    const contexts = promotionItems.map(({ context }) => context).filter(context => /^step/.test(context));
    assert.equal(contexts.filter(context => context.endsWith(';failing')).length, 1);
    const fine = flatten(
      buildPromotionItem(
        aPromotion(),
        { parent: 'p', open: 'expanded', environment: anEnvironment() },
        someWords(),
      ),
    );
    assert.ok(fine.every(({ context }) => !context.endsWith('failing')));
  });
});
