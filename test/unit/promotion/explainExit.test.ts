import assert from 'node:assert/strict';
import type { Inspection, ToolExit } from '../../../daemon/model/promotionEvent.ts';
import { explainExit } from '../../../daemon/promotion/explainExit.ts';

const nothing: Inspection = { state: 'notDone', summary: 'Helm has no revision of kosmos.', facts: {} };
const exited: ToolExit = { code: 1, reason: 'exited' };
const refused =
  'WARNING: old\nError: UPGRADE FAILED: create: failed to create: secrets is forbidden: User "sue" cannot create resource ' +
  '"secrets" in API group "" in the namespace "kosmos"\n';

describe('what is said of a tool that failed', () => {
  it('P-09e names the missing right where nothing in the cluster tells of it', () => {
    const { state, summary } = explainExit(nothing, exited, refused);
    assert.equal(state, 'notDone');
    assert.equal(
      summary,
      'Helm has no revision of kosmos. The API server refused: sue may not create secrets in namespace kosmos. ' +
        'Ask an administrator of the cluster to let sue create secrets in namespace kosmos.',
    );
  });

  it('is what the look has found, where that tells', () => {
    const failed: Inspection = { ...nothing, state: 'failed' };
    assert.equal(explainExit(failed, exited, refused), failed);
  });

  it('is nothing more where its words are unknown, or where somebody had it stopped', () => {
    assert.equal(explainExit(nothing, exited, 'Error: what nobody has ever read\n'), nothing);
    assert.equal(explainExit(nothing, { code: 1, reason: 'cancelled' }, refused), nothing);
  });
});
