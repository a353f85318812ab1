import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { PlannedStep } from '../../../daemon/model/plan.ts';
import { reducePromotion } from '../../../daemon/model/promotion.ts';
import { Preparations } from '../../../daemon/promotion/preparations.ts';
import type { RunBasis, RunNeed } from '../../../daemon/promotion/runnerPorts.ts';
import type { StepContext, World } from '../../../daemon/steps/step.ts';
import { aPlan, aStep } from '../../builders/plan.ts';

const steps = [
  aStep({ id: 'upgrade' }),
  aStep({ id: 'status', kind: 'helmStatus' }),
  aStep({ id: 'verify', kind: 'verifyWorkloads' }),
];

/** Preparations whose readings a test counts and lets fail. */
class Prepared {
  readonly needs: RunNeed[] = [];
  readonly used: RunBasis[] = [];
  begunLooks = 0;
  fails = false;
  readonly preparations: Preparations;

  constructor(firstBasis?: Promise<RunBasis>) {
    this.preparations = new Preparations({
      readBasis: async need => {
        this.needs.push(need);
        if (this.fails) {
          throw new Error('no answer');
        }
        return { kubeconfig: `read ${this.needs.length}`, ...(need.files ? { files: '/files' } : {}) };
      },
      prepare: async basis => {
        this.used.push(basis);
        return { cwd: '/', env: {}, spoolOf: () => '/spool' };
      },
      log: () => {},
      firstBasis,
    });
  }

  contextOf(id: string): StepContext {
    const promotion = reducePromotion(undefined, {
      promotionId: 'p-1',
      time: '2026-01-01T00:00:00.000Z',
      event: { type: 'promotion.requested', plan: aPlan({ steps }), person: 'alice' },
    });
    const step: PlannedStep = steps.find(candidate => candidate.id === id) ?? assert.fail(id);
    const beginWorkloads = () => {
      this.begunLooks += 1;
    };
    return { promotion, step, world: { beginWorkloads } as World };
  }

  get(id: string) {
    return this.preparations.get(this.contextOf(id), new AbortController().signal);
  }

  beginAfter(id: string) {
    this.preparations.beginNext(this.contextOf(id));
  }
}

describe('preparations of a promotion\u2019s tools', () => {
  afterEach(() => mock.restoreAll());

  it('take what the look before the start has found out, for the first tool alone', async () => {
    const first = { kubeconfig: 'of the start', files: '/files' };
    const prepared = new Prepared(Promise.resolve(first));
    await prepared.get('upgrade');
    await prepared.get('status');
    assert.deepEqual(prepared.used, [first, { kubeconfig: 'read 1' }]);
  });

  it('begin with the next tool while the one before is looked at', async () => {
    const prepared = new Prepared();
    prepared.beginAfter('upgrade');
    assert.deepEqual(prepared.needs, [{ files: false }]);
    await prepared.get('status');
    assert.equal(prepared.needs.length, 1);
  });

  it('begin the look of a step that runs nothing', () => {
    const prepared = new Prepared();
    prepared.beginAfter('status');
    assert.equal(prepared.begunLooks, 1);
    assert.deepEqual(prepared.needs, []);
    prepared.beginAfter('verify');
    assert.equal(prepared.begunLooks, 1);
  });

  it('ask again when the look before is a second old', async () => {
    const prepared = new Prepared();
    prepared.beginAfter('upgrade');
    const since = performance.now();
    mock.method(performance, 'now', () => since + 1_001);
    await prepared.get('status');
    assert.equal(prepared.needs.length, 2);
  });

  it('ask again when the look before has failed', async () => {
    const prepared = new Prepared();
    prepared.fails = true;
    prepared.beginAfter('upgrade');
    prepared.fails = false;
    await prepared.get('status');
    assert.deepEqual(prepared.used, [{ kubeconfig: 'read 2' }]);
  });

  it('lay out files for a tool that reads them, whatever was begun for another', async () => {
    const prepared = new Prepared(Promise.resolve({ kubeconfig: 'of a rollback' }));
    await prepared.get('upgrade');
    assert.deepEqual(prepared.used, [{ kubeconfig: 'read 1', files: '/files' }]);
  });
});
