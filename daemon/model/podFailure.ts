import type { ContainerEnd, ContainerFacts, PodFacts } from './podFacts.ts';

/** Why a pod fails. */
export type PodFailure = {
  /** The container that fails; empty when the pod as a whole does. */
  readonly container: string;
  /** One word of the cluster's: `CrashLoopBackOff`, `Unschedulable`, `NotReady`. */
  readonly reason: string;
  readonly message?: string;
  readonly restarts: number;
};

/** A pod's failure at one instant, and when time alone can change the answer. */
export type PodVerdict = {
  readonly failure?: PodFailure;
  /** Milliseconds since 1970. */
  readonly decideAgainAt?: number;
};

/** A restart that is longer ago is forgotten, as the kubelet forgets its back-off. */
const restartWindowMs = 600_000;

/** A ready container that restarted at least so often, the last time within the window, keeps failing. */
const oftenRestarted = { times: 2, windowMs: 120_000 };

/** Waiting for these reasons is the normal way to a start. */
const starting: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing']);

/** Decides whether a pod fails at `now` (milliseconds since 1970) and why; the first container that fails names it. */
export function decidePodFailure(pod: PodFacts, now: number): PodVerdict {
  if (pod.deleting || pod.phase === 'Succeeded') {
    return {};
  }
  if (pod.unschedulable !== undefined) {
    return {
      failure: { container: '', reason: 'Unschedulable', message: pod.unschedulable, restarts: 0 },
    };
  }
  const verdicts = pod.containers.map(container => decideContainer(pod, container, now));
  const failing = verdicts.find(verdict => verdict.failure);
  if (failing) {
    return failing;
  }
  if (pod.phase === 'Failed') {
    return {
      failure: {
        container: '',
        reason: pod.reason ?? 'Failed',
        ...(pod.message === undefined ? {} : { message: pod.message }),
        restarts: 0,
      },
    };
  }
  const times = verdicts.flatMap(verdict => verdict.decideAgainAt ?? []);
  return times.length === 0 ? {} : { decideAgainAt: Math.min(...times) };
}

/** `OOMKilled, exit code 137`: how a container ended, for people. */
export function describeContainerEnd(end: ContainerEnd): string {
  const signal = signals[end.exitCode];
  const code = `exit code ${end.exitCode}${signal && end.reason !== 'OOMKilled' ? ` (${signal})` : ''}`;
  return `${end.reason ?? (end.exitCode === 0 ? 'Completed' : 'Error')}, ${code}`;
}

const signals: Readonly<Record<number, string>> = {
  134: 'SIGABRT',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};

function decideContainer(pod: PodFacts, container: ContainerFacts, now: number): PodVerdict {
  const { state } = container;
  switch (state.type) {
    case 'waiting':
      return starting.has(state.reason)
        ? {}
        : { failure: buildFailure(container, state.reason, buildWaitingMessage(container, state.message)) };
    case 'terminated':
      return state.end.exitCode === 0
        ? {}
        : {
            failure: buildFailure(
              container,
              state.end.reason ?? 'Error',
              buildEndMessage(container, state.end),
            ),
          };
    case 'running':
      return container.init
        ? {}
        : container.ready
          ? decideReady(container, now)
          : decideUnready(pod, container, state.startedAt, now);
  }
}

function decideReady(container: ContainerFacts, now: number): PodVerdict {
  const { lastEnd } = container;
  if (!lastEnd?.finishedAt || lastEnd.exitCode === 0 || container.restarts < oftenRestarted.times) {
    return {};
  }
  const until = Date.parse(lastEnd.finishedAt) + oftenRestarted.windowMs;
  return now < until
    ? {
        failure: buildFailure(container, lastEnd.reason ?? 'Error', buildEndMessage(container, lastEnd)),
        decideAgainAt: until,
      }
    : {};
}

function decideUnready(pod: PodFacts, container: ContainerFacts, startedAt: string, now: number): PodVerdict {
  const started = Date.parse(startedAt);
  const { lastEnd } = container;
  if (lastEnd && lastEnd.exitCode !== 0 && container.restarts > 0 && now - started < restartWindowMs) {
    return {
      failure: buildFailure(container, lastEnd.reason ?? 'Error', buildEndMessage(container, lastEnd)),
      decideAgainAt: started + restartWindowMs,
    };
  }
  if (container.readySeconds === undefined) {
    return {};
  }
  const since = pod.ready ? started : Math.max(started, Date.parse(pod.readySince ?? startedAt));
  const until = since + container.readySeconds * 1000;
  if (now < until) {
    return { decideAgainAt: until };
  }
  return {
    failure: buildFailure(
      container,
      'NotReady',
      `its readiness probe has not passed for more than ${container.readySeconds} s`,
    ),
  };
}

function buildFailure(container: ContainerFacts, reason: string, message?: string): PodFailure {
  return {
    container: container.name,
    reason,
    ...(message === undefined ? {} : { message }),
    restarts: container.restarts,
  };
}

/** The kubelet's own words for a back-off name only the pod; how the container ended says more. */
function buildWaitingMessage(container: ContainerFacts, message: string | undefined): string | undefined {
  return container.lastEnd ? buildEndMessage(container, container.lastEnd) : message;
}

function buildEndMessage(container: ContainerFacts, end: ContainerEnd): string {
  const restarts =
    container.restarts === 0
      ? ''
      : `; restarted ${container.restarts === 1 ? 'once' : `${container.restarts} times`}`;
  const words = end.message ? `: ${end.message}` : '';
  return `${describeContainerEnd(end)}${words}${restarts}`;
}
