import assert from 'node:assert/strict';
import { ClusterError } from '../../../daemon/clusters/clusterError.ts';
import { Readiness, type ReadinessState } from '../../../daemon/clusters/readiness.ts';

/** A connection whose probe a test makes fail, and a listener that writes down what it hears. */
function build() {
  const heard: string[] = [];
  const connection = {
    problem: undefined as Error | undefined,
    probes: 0,
    resets: 0,
    heardAt: 0,
    async probe() {
      connection.probes += 1;
      if (connection.problem) {
        throw connection.problem;
      }
    },
    reset() {
      connection.resets += 1;
    },
  };
  const listener = {
    connection,
    onChange: (state: ReadinessState) => heard.push(state.type),
    onRecovered: () => heard.push('recovered'),
  };
  return { connection, listener, heard };
}

const until = async (condition: () => boolean) => {
  while (!condition()) {
    await new Promise(resolve => setImmediate(resolve));
  }
};
const gone = new ClusterError('unreachable', 'gone');

describe('the readiness of a cluster', () => {
  it('is asked for only while somebody listens', async () => {
    const { connection, listener, heard } = build();
    const readiness = new Readiness();
    const subscription = readiness.listen(listener);
    await until(() => heard.length === 1);
    assert.deepEqual(heard, ['reachable']);
    subscription.dispose();
    const { probes } = connection;
    readiness.probeNow();
    await new Promise(resolve => setImmediate(resolve));
    assert.equal(connection.probes, probes);
  });

  it('L-13g tells of an outage once, and of its end with new connections', async () => {
    const { connection, listener, heard } = build();
    const readiness = new Readiness();
    const subscription = readiness.listen(listener);
    await until(() => heard.length === 1);
    connection.problem = gone;
    readiness.probeNow();
    await until(() => heard.length === 2);
    readiness.probeNow();
    await until(() => connection.probes === 3);
    assert.deepEqual(heard, ['reachable', 'unreachable']);
    connection.problem = undefined;
    readiness.probeNow();
    await until(() => heard.length === 4);
    subscription.dispose();
    assert.deepEqual(heard.slice(2), ['recovered', 'reachable']);
    assert.equal(connection.resets, 1);
  });

  it('says since when nothing was heard', async () => {
    const { connection, listener, heard } = build();
    const clock = { now: 1_000 };
    const readiness = new Readiness({ now: () => clock.now });
    const subscription = readiness.listen(listener);
    await until(() => heard.length === 1);
    connection.problem = gone;
    clock.now = 3_500;
    readiness.probeNow();
    await until(() => heard.length === 2);
    subscription.dispose();
    assert.deepEqual(readiness.state, { type: 'unreachable', since: 1_000, error: gone });
  });

  it('takes a cluster that is too busy for the probe for reachable while its watches bring news', async () => {
    const { connection, listener, heard } = build();
    const clock = { now: 1_000 };
    const readiness = new Readiness({ now: () => clock.now });
    const subscription = readiness.listen(listener);
    await until(() => heard.length === 1);
    connection.problem = gone;
    connection.heardAt = 1_001;
    readiness.probeNow();
    await until(() => connection.probes === 2);
    assert.equal(readiness.state.type, 'reachable');
    clock.now = 1_002;
    readiness.probeNow();
    await until(() => heard.length === 2);
    subscription.dispose();
    assert.equal(readiness.state.type, 'unreachable');
  });

  it('counts a failed login as no outage, and asks through another connection next', async () => {
    const first = build();
    const second = build();
    const readiness = new Readiness();
    first.connection.problem = new ClusterError('loginExpired', 'log in');
    const subscriptions = [readiness.listen(first.listener), readiness.listen(second.listener)];
    await until(() => first.connection.probes === 1);
    readiness.probeNow();
    await until(() => second.heard.length === 1);
    for (const subscription of subscriptions) {
      subscription.dispose();
    }
    assert.deepEqual(first.heard, ['reachable']);
    assert.equal(second.connection.probes, 1);
  });

  it('opens new connections after this machine slept', async () => {
    const { connection, listener, heard } = build();
    const clock = { now: 1_000 };
    const readiness = new Readiness({ now: () => clock.now });
    const subscription = readiness.listen(listener);
    await until(() => heard.length === 1);
    readiness.probeNow();
    clock.now += 60_000;
    await until(() => heard.length === 2);
    subscription.dispose();
    assert.deepEqual(heard, ['reachable', 'recovered']);
    assert.ok(connection.resets >= 1);
  });
});
