/** How the connection to an environment's cluster stands. */
export type ConnectionStatus = {
  readonly state: 'notConnected' | 'connecting' | 'live' | 'stale' | 'wrongCluster' | 'forbidden' | 'failed';
  readonly context?: string;
  /** Why it is not live, as one sentence. */
  readonly reason?: string;
  /** Since when what is shown may be old, as an ISO time in UTC. */
  readonly staleSince?: string;
};

/** A problem of a connection: what kind, and what people should read. */
export type ConnectionProblem = {
  readonly code: 'wrongCluster' | 'forbidden' | 'loginExpired' | 'other';
  readonly message: string;
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
  readonly unreachable?: { readonly since: number; readonly message: string };
  /** The watches that must be live. */
  readonly watches: readonly WatchFacts[];
  readonly now: number;
};

/** A watch that is back within this time was never away, as far as people are concerned, in milliseconds. */
export const watchGraceMs = 1_000;

/** Decides how a connection stands, and when time alone changes that. */
export function decideConnection(
  facts: ConnectionFacts,
): ConnectionStatus & { readonly decideAgainAt?: number } {
  const { context, watches, wasLive } = facts;
  const problems = watches.flatMap(watch => watch.problem ?? []);
  for (const [code, state] of loudProblems) {
    const messages = [
      ...new Set(problems.filter(problem => problem.code === code).map(({ message }) => message)),
    ];
    if (messages.length > 0) {
      return { state, context, reason: messages.join(' '), ...buildStaleSince(facts) };
    }
  }
  if (facts.unreachable) {
    return {
      state: wasLive ? 'stale' : 'failed',
      context,
      reason: facts.unreachable.message,
      ...buildStaleSince(facts),
    };
  }
  const broken = watches.filter(watch => watch.state === 'stale');
  const since = Math.min(...broken.map(watch => watch.staleSince ?? facts.now));
  const reason = broken[0]?.problem?.message;
  if (broken.length > 0 && (facts.now - since >= watchGraceMs || !wasLive)) {
    return {
      state: wasLive ? 'stale' : 'failed',
      context,
      ...(reason === undefined ? {} : { reason }),
      ...buildStaleSince(facts),
    };
  }
  if (broken.length > 0) {
    return { state: 'live', context, decideAgainAt: since + watchGraceMs };
  }
  const complete = watches.length > 0 && watches.every(watch => watch.state === 'live');
  return { state: complete || wasLive ? 'live' : 'connecting', context };
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
