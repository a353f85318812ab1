import assert from 'node:assert/strict';
import { planRollback } from '../../../daemon/promotion/planRollback.ts';
import { planUpgrade } from '../../../daemon/promotion/planUpgrade.ts';
import { aPlanContext, type Revision, shop } from '../../builders/planContext.ts';

const byServer: Revision = { colour: 'blue', applyMethod: 'ssa' };
const byClient: Revision = { colour: 'blue', applyMethod: 'csa' };
/** Helm 3 does not write down how it applied. */
const byHelm3: Revision = { colour: 'blue' };

describe('a plan where somebody else has set a field', () => {
  const warningsOfUpgrade = async (helm: string, revisions: readonly Revision[]) => {
    const context = aPlanContext({ helm, revisions });
    const { warnings } = await planUpgrade(context, shop, { version: 'v2', commit: 'c'.repeat(40) });
    return warnings.join('\n');
  };
  const rollBack = async (helm: string, revisions: readonly Revision[]) => {
    const { steps, warnings } = await planRollback(aPlanContext({ helm, revisions }), shop);
    const args = steps[0]?.command?.args.map(({ text }) => text) ?? [];
    return { forces: args.includes('--force-conflicts'), warnings: warnings.join('\n') };
  };
  const refuses = /shop: \.data\.colour: conflict with "kubectl-edit" using v1: helm will refuse/;
  const takes =
    /shop: \.data\.colour: conflict with "kubectl-edit" using v1: helm will take the other's value/;

  it('L-14f says that helm will refuse where it applies on the side of the server', async () => {
    assert.match(await warningsOfUpgrade('v4.3.1', [byServer]), refuses);
    assert.match(await warningsOfUpgrade('v4.3.1', []), refuses);
  });

  it('L-14f says that the value is taken away where the release was never applied on the side of the server', async () => {
    assert.match(await warningsOfUpgrade('v4.3.1', [byClient]), takes);
    assert.match(await warningsOfUpgrade('v4.3.1', [byHelm3]), takes);
  });

  it('L-14f goes by the newest revision, as helm does, though that one failed', async () => {
    const failed = { ...byHelm3, status: 'failed' };
    assert.match(await warningsOfUpgrade('v4.3.1', [{ ...byServer, status: 'deployed' }, failed]), takes);
  });

  it('L-14f says that the value is taken away by helm 3, whoever applied before', async () => {
    assert.match(await warningsOfUpgrade('v3.21.4', [byServer]), takes);
  });

  it('L-17a forces its way back with helm 4 where the server would hold it up, and says so', async () => {
    const { forces, warnings } = await rollBack('v4.3.1', [byServer, byServer]);
    assert.ok(forces);
    assert.match(warnings, /colour: conflict .*: the rollback takes it over \(--force-conflicts\)\./);
  });

  it('L-17a gives helm 3 no flag that it does not know', async () => {
    const { forces, warnings } = await rollBack('v3.21.4', [byServer, byServer]);
    assert.ok(!forces);
    assert.match(warnings, /colour: conflict .*: the rollback takes it over\./);
  });

  it('L-17a needs no force where the good revision was applied on the side of the client', async () => {
    const { forces, warnings } = await rollBack('v4.3.1', [byHelm3, byServer]);
    assert.ok(!forces);
    assert.match(warnings, /colour: conflict .*: the rollback takes it over\./);
  });
});
