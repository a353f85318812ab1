/** How the connection to an environment's cluster stands. */
export type ConnectionStatus = {
  readonly state: 'notConnected' | 'connecting' | 'live' | 'stale' | 'wrongCluster' | 'forbidden' | 'failed';
  readonly context?: string;
  /** Why it is not live, as one sentence. */
  readonly reason?: string;
  /** The error code of the reason. */
  readonly code?: string;
  /** What people can do about it. */
  readonly next?: string;
  /** Since when what is shown may be old, as an ISO time in UTC. */
  readonly staleSince?: string;
};

/** A problem of a connection: what kind, and what people should read. */
export type ConnectionProblem = {
  readonly kind: 'wrongCluster' | 'forbidden' | 'loginExpired' | 'other';
  /** The error code. */
  readonly code: string;
  readonly message: string;
  readonly next: string;
};

/** One watch of an environment. */
export type WatchFacts = {
  readonly state: 'syncing' | 'live' | 'stale';
  /** Milliseconds since 1970. */
  readonly staleSince?: number;
  readonly problem?: ConnectionProblem;
};

/** What is known of a connection at one instant; times in milliseconds since 1970. */
export type ConnectionFacts = {
  readonly context: string;
  /** True once everything was known; what is shown is then never nothing. */
  readonly wasLive: boolean;
  /** Set while the API server does not answer. */
  readonly unreachable?: { readonly since: number; readonly message: string; readonly next: string };
  /** The watches that must be live. */
  readonly watches: readonly WatchFacts[];
  readonly now: number;
};

/** A watch that is back within this time was never away, as far as people are concerned, in milliseconds. */
const watchGraceMs = 1_000;

/** Decides how a connection stands, and when time alone changes that. */
export function decideConnection(
  facts: ConnectionFacts,
): ConnectionStatus & { readonly decideAgainAt?: number } {
  const { context, watches, wasLive } = facts;
  const problems = watches.flatMap(watch => watch.problem ?? []);
  for (const [kind, state] of loudProblems) {
    const found = problems.filter(problem => problem.kind === kind);
    if (found.length > 0) {
      return { state, context, ...describe(found), ...buildStaleSince(facts) };
    }
  }
  if (facts.unreachable) {
    return {
      state: wasLive ? 'stale' : 'failed',
      context,
      reason: facts.unreachable.message,
      code: 'clusterUnreachable',
      next: facts.unreachable.next,
      ...buildStaleSince(facts),
    };
  }
  const broken = watches.filter(watch => watch.state === 'stale');
  const since = Math.min(...broken.map(watch => watch.staleSince ?? facts.now));
  const problem = broken[0]?.problem;
  if (broken.length > 0 && (facts.now - since >= watchGraceMs || !wasLive)) {
    return {
      state: wasLive ? 'stale' : 'failed',
      context,
      ...(problem === undefined ? {} : describe([problem])),
      ...buildStaleSince(facts),
    };
  }
  if (broken.length > 0) {
    return { state: 'live', context, decideAgainAt: since + watchGraceMs };
  }
  const complete = watches.length > 0 && watches.every(watch => watch.state === 'live');
  return { state: complete || wasLive ? 'live' : 'connecting', context };
}

/** Every message once; what to do about the first. */
function describe(
  problems: readonly ConnectionProblem[],
): Pick<ConnectionStatus, 'reason' | 'code' | 'next'> {
  const [first] = problems;
  return {
    reason: [...new Set(problems.map(({ message }) => message))].join(' '),
    ...(first ? { code: first.code, next: first.next } : {}),
  };
}

/** In this order, since the first explains the others. */
const loudProblems = [
  ['wrongCluster', 'wrongCluster'],
  ['loginExpired', 'failed'],
  ['forbidden', 'forbidden'],
] as const;

function buildStaleSince(facts: ConnectionFacts): { staleSince?: string } {
  if (!facts.wasLive) {
    return {};
  }
  const since = Math.min(
    facts.unreachable?.since ?? facts.now,
    ...facts.watches.map(watch => (watch.state === 'stale' ? (watch.staleSince ?? facts.now) : facts.now)),
  );
  return { staleSince: new Date(since).toISOString() };
}
