import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { Plan } from '../../../daemon/model/plan.ts';
import { type Promotion, reducePromotion } from '../../../daemon/model/promotion.ts';
import type { PromotionEvent, ToolExit } from '../../../daemon/model/promotionEvent.ts';
import type { HelmRevision } from '../../../daemon/model/rollout.ts';
import { PromotionRunner } from '../../../daemon/promotion/promotionRunner.ts';
import type { AdoptedTool, PromotionLedger, RunningTool } from '../../../daemon/promotion/runnerPorts.ts';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import { aPlan, aStep } from '../../builders/plan.ts';

/** A cluster and a helm that a test scripts; what the real ones do is proven in test/cluster. */
class ScriptedWorld {
  rows: HelmRevision[] = [];
  starts = 0;
  inspections = 0;
  unreachableFor = 0;
  preparations = 0;
  begunLooks = 0;
  /** The journal takes no event of this type, as on a full disk. */
  refused: PromotionEvent['type'] | undefined;
  readonly log: string[] = [];
  prepareFails: (attempt: number) => Error | undefined = () => undefined;
  description = 'context canceled';
  adopted: AdoptedTool = { state: 'neverStarted' };
  onStart: (finish: (exit: ToolExit) => void) => void = () => {};
  onInterrupt: (finish: (exit: ToolExit) => void) => void = finish => {
    this.write(2, 'failed');
    finish({ code: 1, reason: 'cancelled' });
  };
  readonly events: PromotionEvent[] = [];
  #promotion: Promotion | undefined;

  readonly ledger: PromotionLedger = {
    load: () => this.#promotion ?? assert.fail('nothing was requested'),
    append: (promotionId, event) => {
      if (event.type === this.refused) {
        throw new SlipwayError('storeFailed', 'no space left on device');
      }
      this.events.push(event);
      this.#promotion = reducePromotion(this.#promotion, {
        promotionId,
        time: '2026-01-01T00:00:00.000Z',
        event,
      });
    },
    end: (promotionId, event) => this.ledger.append(promotionId, event),
    keepOutput: () => undefined,
  };

  readonly runner = new PromotionRunner({
    ledger: this.ledger,
    tools: {
      start: async () => {
        this.starts += 1;
        return this.#tool();
      },
      adopt: async () => this.adopted,
    },
    readBasis: async () => {
      this.preparations += 1;
      const failure = this.prepareFails(this.preparations);
      if (failure) {
        throw failure;
      }
      return { kubeconfig: 'apiVersion: v1', files: '/' };
    },
    prepare: async () => ({
      cwd: '/',
      env: {},
      spoolOf: (step, attempt) => `/spool/${step}-${attempt}`,
    }),
    openWorld: async () => ({
      revisions: async () => {
        this.inspections += 1;
        if (this.inspections <= this.unreachableFor) {
          throw new SlipwayError('clusterUnreachable', 'no answer');
        }
        return this.rows;
      },
      describeRevision: async () => this.description,
      workloads: async () => [],
      beginWorkloads: () => {
        this.begunLooks += 1;
      },
      causes: () => [],
      onChanged: () => ({ dispose() {} }),
      dispose() {},
    }),
    fault: () => {},
    log: message => this.log.push(message),
  });

  request(plan: Plan): void {
    this.ledger.append(plan.id, { type: 'promotion.requested', plan, person: 'alice' });
    this.ledger.append(plan.id, { type: 'promotion.started', gates: [], host: 'laptop' });
  }

  write(revision: number, status: string, promotionId = 'p-1'): void {
    this.rows = [
      ...this.rows.filter(row => row.revision !== revision),
      {
        release: 'kosmos',
        namespace: 'kosmos',
        revision,
        status,
        changedAt: '2026-01-01T00:00:00.000Z',
        promotionId,
      },
    ];
  }

  runningTool(): RunningTool {
    return this.#tool();
  }

  #tool(): RunningTool {
    const { promise, resolve } = Promise.withResolvers<ToolExit>();
    this.onStart(resolve);
    return {
      pid: 1,
      startTime: '1',
      done: promise,
      interrupt: () => this.onInterrupt(resolve),
    };
  }
}

const plan = aPlan({ steps: [aStep({ id: 'upgrade' })] });
const intended: PromotionEvent = {
  type: 'step.intended',
  stepId: 'upgrade',
  attempt: 1,
  spool: '/spool/upgrade-1',
};

async function run(world: ScriptedWorld): Promise<Promotion> {
  world.runner.drive('p-1');
  await world.runner.finished('p-1');
  return world.ledger.load('p-1');
}

describe('the runner', () => {
  let world: ScriptedWorld;
  beforeEach(() => {
    world = new ScriptedWorld();
    world.request(plan);
    world.write(1, 'deployed', 'earlier');
    world.onStart = finish => {
      world.write(2, 'deployed');
      finish({ code: 0, reason: 'exited' });
    };
  });

  it('runs a step once and succeeds when the world says so', async () => {
    const promotion = await run(world);
    assert.equal(promotion.state, 'succeeded');
    assert.equal(world.starts, 1);
    assert.deepEqual(world.events.map(event => event.type).slice(2), [
      'step.intended',
      'step.spawned',
      'step.completed',
      'promotion.ended',
    ]);
  });

  it('fails when helm exits with 0 and the world shows nothing', async () => {
    world.onStart = finish => finish({ code: 0, reason: 'exited' });
    assert.equal((await run(world)).state, 'failed');
  });

  it('runs again a step that never started and left nothing', async () => {
    world.ledger.append('p-1', intended);
    const promotion = await run(world);
    assert.equal(promotion.state, 'succeeded');
    assert.equal(world.starts, 1);
    assert.equal(promotion.steps[0]?.attempt, 2);
  });

  it('adopts a tool that still runs and does not start another', async () => {
    world.ledger.append('p-1', intended);
    world.adopted = { state: 'running', tool: world.runningTool() };
    const promotion = await run(world);
    assert.equal(promotion.state, 'succeeded');
    assert.equal(world.starts, 0);
    assert.equal(promotion.recoveries, 1);
  });

  it('does not run again a tool that ended while the daemon was away', async () => {
    world.ledger.append('p-1', intended);
    world.write(2, 'deployed');
    world.adopted = { state: 'ended', exit: { code: 0, reason: 'exited' } };
    assert.equal((await run(world)).state, 'succeeded');
    assert.equal(world.starts, 0);
  });

  it('repairs what a killed helm left and ends as rolled back', async () => {
    world.ledger.append('p-1', intended);
    world.write(2, 'pending-upgrade');
    world.adopted = { state: 'lost' };
    world.onStart = finish => {
      world.write(2, 'superseded');
      world.write(3, 'deployed');
      finish({ code: 0, reason: 'exited' });
    };
    const promotion = await run(world);
    // The scripted describeRevision does not say "Rollback to 1": the repair asks a person instead of guessing.
    assert.equal(promotion.state, 'needsPerson');
    assert.equal(world.starts, 1);
    assert.match(promotion.compensations[0]?.title ?? '', /helm rollback kosmos 1/);
  });

  it('lets a repair come to its end though the promotion was cancelled', async () => {
    world.description = 'Rollback to 1';
    let interrupted = 0;
    world.onStart = finish => {
      if (world.starts === 2) {
        world.write(2, 'superseded');
        world.write(3, 'deployed', 'earlier');
        finish({ code: 0, reason: 'exited' });
      }
    };
    world.onInterrupt = finish => {
      interrupted += 1;
      // Killed as it was about to end: what it held stays held.
      world.write(2, 'pending-upgrade');
      finish({ code: 137, reason: 'cancelled' });
    };
    world.runner.drive('p-1');
    while (!world.events.some(event => event.type === 'step.spawned')) {
      await new Promise(resolve => setImmediate(resolve));
    }
    const promotion = await world.runner.cancel('p-1', 'alice');
    assert.equal(promotion.state, 'rolledBack', promotion.reason);
    assert.equal(interrupted, 1);
  });

  it('goes on after a while with what a full disk stopped, and does not run the step twice', async () => {
    world.refused = 'step.completed';
    world.adopted = { state: 'ended', exit: { code: 0, reason: 'exited' } };
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      world.runner.drive('p-1');
      while (world.log.length === 0) {
        await new Promise(resolve => setImmediate(resolve));
      }
      assert.match(world.log[0] ?? '', /again in 10 s: no space left on device/);
      assert.deepEqual(world.runner.active, ['p-1']);
      world.refused = undefined;
      await new Promise(resolve => setImmediate(resolve));
      mock.timers.tick(10_000);
      await world.runner.finished('p-1');
    } finally {
      mock.timers.reset();
    }
    assert.equal(world.ledger.load('p-1').state, 'succeeded');
    assert.equal(world.starts, 1);
  });

  it('waits before a step for a cluster that does not answer instead of failing', async () => {
    world.prepareFails = attempt =>
      attempt === 1 ? new SlipwayError('clusterUnreachable', 'no answer') : undefined;
    assert.equal((await run(world)).state, 'succeeded');
    assert.equal(world.preparations, 2);
  });

  it('does not wait before a step for what no waiting mends', async () => {
    world.prepareFails = () => new SlipwayError('toolMissing', 'there is no helm');
    const promotion = await run(world);
    assert.equal(promotion.state, 'failed');
    assert.match(promotion.reason ?? '', /Nothing was started: there is no helm/);
    assert.equal(world.preparations, 1);
  });

  it('waits for a cluster that does not answer instead of failing', async () => {
    world.unreachableFor = 2;
    assert.equal((await run(world)).state, 'succeeded');
  });

  it('L-15d cancels by an interrupt and says what the cluster says', async () => {
    world.onStart = () => {};
    world.runner.drive('p-1');
    while (!world.events.some(event => event.type === 'step.spawned')) {
      await new Promise(resolve => setImmediate(resolve));
    }
    const promotion = await world.runner.cancel('p-1', 'alice');
    assert.equal(promotion.state, 'cancelled');
    assert.match(promotion.reason ?? '', /revision 2 of kosmos is failed: context canceled/);
  });

  it('refuses to cancel what has ended', async () => {
    await run(world);
    await assert.rejects(world.runner.cancel('p-1', 'alice'), /not running/);
  });
});

describe('a step whose tool only looks', () => {
  let world: ScriptedWorld;
  beforeEach(() => {
    world = new ScriptedWorld();
    world.request(aPlan({ steps: [aStep({ id: 'status', kind: 'helmStatus' })] }));
    world.write(1, 'deployed');
  });

  /** The tool ends with `exit` once the cluster was looked at and `meanwhile` has happened. */
  function endAfterLook(exit: ToolExit, meanwhile: () => void = () => {}): void {
    world.onStart = async finish => {
      while (world.inspections === 0) {
        await new Promise(resolve => setImmediate(resolve));
      }
      meanwhile();
      finish(exit);
    };
  }

  it('is judged by what was seen while it ran', async () => {
    endAfterLook({ code: 0, reason: 'exited' });
    assert.equal((await run(world)).state, 'succeeded');
    assert.equal(world.inspections, 1);
  });

  it('has the workloads looked at while it runs, where the next step needs them', async () => {
    world = new ScriptedWorld();
    const steps = [
      aStep({ id: 'status', kind: 'helmStatus' }),
      aStep({ id: 'verify', kind: 'verifyWorkloads' }),
    ];
    world.request(aPlan({ steps }));
    world.write(1, 'deployed');
    let begunBefore = 0;
    endAfterLook({ code: 0, reason: 'exited' }, () => {
      begunBefore = world.begunLooks;
    });
    await run(world);
    assert.deepEqual([begunBefore, world.begunLooks], [1, 1]);
  });

  it('is judged anew where something was wrong while it ran', async () => {
    world.write(1, 'pending-upgrade');
    endAfterLook({ code: 0, reason: 'exited' }, () => world.write(1, 'deployed'));
    assert.equal((await run(world)).state, 'succeeded');
    assert.equal(world.inspections, 2);
  });

  it('is judged anew when its tool failed', async () => {
    endAfterLook({ code: 1, reason: 'exited' }, () => world.write(1, 'failed'));
    assert.equal((await run(world)).state, 'failed');
    assert.equal(world.inspections, 2);
  });
});
