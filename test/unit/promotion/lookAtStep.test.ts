import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { reducePromotion } from '../../../daemon/model/promotion.ts';
import type { Inspection } from '../../../daemon/model/promotionEvent.ts';
import { inspectStep, waitForStep } from '../../../daemon/promotion/lookAtStep.ts';
import type { StepContext, World } from '../../../daemon/steps/step.ts';
import { aClock } from '../../builders/clock.ts';
import { aPlan, aStep } from '../../builders/plan.ts';

const nightMs = 8 * 60 * 60_000;

/** A step that waits for workloads; what a look at them does is a test's own. */
class Looked {
  readonly clock = aClock();
  looks = 0;
  look: () => Promise<void> = async () => {};

  inspect(): Promise<Inspection> {
    return inspectStep(this.#context(), () => {}, this.clock.now);
  }

  wait(): Promise<Inspection> {
    const inspect = async (): Promise<Inspection> => {
      await this.#look();
      return { state: 'done', summary: '', facts: {} };
    };
    const kind = { effect: 'wait', neverKill: false, inspect } as const;
    return waitForStep(this.#context(), kind, new AbortController().signal, this.clock.now);
  }

  /** Lets time pass until a look has ended; answers the seconds that it took. */
  async pass(looking: Promise<Inspection>): Promise<number> {
    let hasEnded = false;
    const ended = looking.then(() => {
      hasEnded = true;
    });
    let seconds = 0;
    for (; !hasEnded; seconds += 1) {
      this.clock.pass(1_000);
      mock.timers.tick(1_000);
      await new Promise(resolve => setImmediate(resolve));
    }
    await ended;
    return seconds;
  }

  async #look(): Promise<void> {
    this.looks += 1;
    await this.look();
  }

  #context(): StepContext {
    const step = aStep({ id: 'verify', kind: 'verifyWorkloads', input: {}, timeoutSeconds: 300 });
    const promotion = reducePromotion(undefined, {
      promotionId: 'p-1',
      time: '2026-01-01T00:00:00.000Z',
      event: { type: 'promotion.requested', plan: aPlan({ steps: [step] }), person: 'alice' },
    });
    const workloads = () => this.#look().then(() => []);
    return { promotion, step, world: { workloads, causes: () => [] } as Partial<World> as World };
  }
}

describe('the look at a step', () => {
  let looked: Looked;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    looked = new Looked();
  });
  afterEach(() => mock.timers.reset());

  /** Lets the machine sleep while a look is under way, and the network return some tries later. */
  const sleepInLook = async () => {
    if (looked.looks === 1) {
      looked.clock.pass(nightMs);
    }
    if (looked.looks <= 3) {
      throw new Error('no network');
    }
  };

  it('L-13g goes on after a sleep that took longer than its patience', async () => {
    looked.look = sleepInLook;
    const inspecting = looked.inspect();
    await looked.pass(inspecting);
    assert.equal((await inspecting).state, 'done');
    assert.equal(looked.looks, 4);
  });

  it('L-13g says that nobody can say after ten minutes without an answer', async () => {
    looked.look = () => Promise.reject(new Error('no network'));
    const inspecting = looked.inspect();
    const seconds = await looked.pass(inspecting);
    assert.equal((await inspecting).summary, 'Nobody can say what was done: no network');
    assert.ok(seconds >= 600 && seconds < 610, `${seconds} s`);
  });

  it('L-13g goes on with a wait after a sleep that took longer than the step\u2019s time', async () => {
    looked.look = sleepInLook;
    const waiting = looked.wait();
    await looked.pass(waiting);
    assert.equal((await waiting).state, 'done');
    assert.equal(looked.looks, 4);
  });

  it('ends a wait whose one look has taken the step\u2019s time when it fails', async () => {
    looked.look = async () => {
      await new Promise(resolve => setTimeout(resolve, 310_000));
      throw new Error('no network');
    };
    const waiting = looked.wait();
    const seconds = await looked.pass(waiting);
    assert.equal((await waiting).state, 'unknown');
    assert.equal(looked.looks, 1, `${seconds} s`);
  });
});
