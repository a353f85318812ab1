import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as z from 'zod';
import { buildStatusError, ClusterError } from '../../../daemon/clusters/clusterError.ts';
import { buildGarbledError } from '../../../daemon/clusters/garbledAnswer.ts';
import type { PlannedStep } from '../../../daemon/model/plan.ts';
import { reducePromotion } from '../../../daemon/model/promotion.ts';
import { Preparations } from '../../../daemon/promotion/preparations.ts';
import type { RunBasis, RunNeed } from '../../../daemon/promotion/runnerPorts.ts';
import { type ErrorCode, SlipwayError } from '../../../daemon/protocol/errors.ts';
import type { StepContext, World } from '../../../daemon/steps/step.ts';
import { aClock } from '../../builders/clock.ts';
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
  /** What the next readings fail with, one after the other. */
  failures: unknown[] = [];
  /** How long each reading that fails takes, which is long when the machine sleeps. */
  failingMs = 0;
  readonly clock = aClock();
  readonly preparations: Preparations;

  constructor(firstBasis?: Promise<RunBasis>) {
    this.preparations = new Preparations({
      readBasis: async need => {
        this.needs.push(need);
        if (this.failures.length > 0) {
          this.clock.pass(this.failingMs);
          throw this.failures.shift();
        }
        return { kubeconfig: `read ${this.needs.length}`, ...(need.files ? { files: '/files' } : {}) };
      },
      prepare: async basis => {
        this.used.push(basis);
        return { cwd: '/', env: {}, spoolOf: () => '/spool' };
      },
      log: () => {},
      firstBasis,
      now: this.clock.now,
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

const asked = {
  context: 'dev',
  server: 'https://dev',
  method: 'GET',
  path: '/api/v1/namespaces/kube-system',
};

/** What a cluster, or a proxy before it, answers for a moment. */
const passing: Readonly<Record<string, unknown>> = {
  'a cluster that is away': new SlipwayError('clusterUnreachable', 'no answer'),
  'a login that has expired': new SlipwayError('loginExpired', 'log in again'),
  'an etcd that changes its leader': buildStatusError(asked, {
    status: 500,
    body: '{"message":"etcdserver: leader changed"}',
  }),
  'a page instead of an answer': garble('<html>'),
  'an answer that was cut': garble('{"metadata":{"uid"'),
  'an answer without an identity': garble('{}'),
  'what nobody has foreseen': new TypeError('fetch failed'),
};

/** What stays as it is until a person has acted. */
const lasting: readonly unknown[] = [
  ...(
    [
      'wrongCluster',
      'forbidden',
      'unknownContext',
      'noRepository',
      'unknownRelease',
      'chartMissing',
      'valuesMissing',
      'toolMissing',
      'toolFailed',
      'storeFailed',
    ] satisfies ErrorCode[]
  ).map(code => new SlipwayError(code, code)),
  buildStatusError(asked, { status: 404, body: 'no such namespace' }),
  new ClusterError('refused', 'The answer is larger than 10 bytes.'),
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
];

/** What a connection throws for an answer that is not what was asked for. */
function garble(text: string): unknown {
  try {
    z.object({ metadata: z.object({}) }).parse(JSON.parse(text));
  } catch (error) {
    return buildGarbledError(asked, { text, error });
  }
  return assert.fail('nothing was thrown');
}

describe('preparations of a promotion\u2019s tools', () => {
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
    prepared.clock.pass(1_001);
    await prepared.get('status');
    assert.equal(prepared.needs.length, 2);
  });

  it('ask again when the look before has failed', async () => {
    const prepared = new Prepared();
    prepared.failures = [new Error('no answer')];
    prepared.beginAfter('upgrade');
    await prepared.get('status');
    assert.deepEqual(prepared.used, [{ kubeconfig: 'read 2' }]);
  });

  it('lay out files for a tool that reads them, whatever was begun for another', async () => {
    const prepared = new Prepared(Promise.resolve({ kubeconfig: 'of a rollback' }));
    await prepared.get('upgrade');
    assert.deepEqual(prepared.used, [{ kubeconfig: 'read 1', files: '/files' }]);
  });

  for (const [what, error] of Object.entries(passing)) {
    it(`L-13g wait for ${what} and ask again`, async () => {
      const prepared = new Prepared();
      prepared.failures = [error];
      await prepared.get('status');
      assert.deepEqual(prepared.used, [{ kubeconfig: 'read 2' }]);
    });
  }

  it('L-13g go on after a sleep that took longer than their patience', async () => {
    const prepared = new Prepared();
    prepared.failingMs = 8 * 60 * 60_000;
    prepared.failures = [new Error('no network'), new Error('no network')];
    await prepared.get('status');
    assert.equal(prepared.needs.length, 3);
  });

  it('L-13g end after ten minutes in which nobody has answered', async () => {
    const prepared = new Prepared();
    prepared.failures = Array.from({ length: 100 }, () => new Error('no network'));
    prepared.failingMs = 10_000;
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const ended = assert.rejects(prepared.get('status'), /no network/);
      while (prepared.needs.length < 61) {
        await new Promise(resolve => setImmediate(resolve));
        mock.timers.tick(5_000);
      }
      await ended;
      assert.equal(prepared.needs.length, 61);
    } finally {
      mock.timers.reset();
    }
  });

  it('end at once with what only a person can put right', async () => {
    for (const error of lasting) {
      const prepared = new Prepared();
      prepared.failures = [error];
      await assert.rejects(prepared.get('status'), thrown => thrown === error, String(error));
      assert.equal(prepared.needs.length, 1, String(error));
    }
  });

  it('wait no longer when the promotion is cancelled', async () => {
    const prepared = new Prepared();
    const cancel = new AbortController();
    prepared.failures = [new Error('first'), new Error('second')];
    const getting = prepared.preparations.get(prepared.contextOf('status'), cancel.signal);
    cancel.abort();
    await assert.rejects(getting, /first/);
  });
});
