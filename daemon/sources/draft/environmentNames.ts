/** Where an environment stands in the order in which a release goes through them; undefined for other names. */
export function rankEnvironment(name: string): number | undefined {
  const whole = ranks.get(name.toLowerCase().replaceAll(/[-_.]/g, ''));
  if (whole !== undefined) {
    return whole;
  }
  const parts = name.toLowerCase().split(/[-_.]/);
  const found = parts.flatMap(part => ranks.get(part) ?? []);
  return found.length === 0 ? undefined : Math.max(...found);
}

/** True when two names mean the same stage: `prod` and `production`. */
export function isSameStage(left: string, right: string): boolean {
  const rank = rankEnvironment(left);
  return rank !== undefined && rank === rankEnvironment(right);
}

/** Sorts names in the order in which a release goes through them; names that say nothing come in the middle. */
export function sortEnvironments(names: readonly string[]): readonly string[] {
  return [...names].sort(
    (left, right) => rankOrMiddle(left) - rankOrMiddle(right) || (left < right ? -1 : left > right ? 1 : 0),
  );
}

/** The rank, or that of a name that says nothing. */
export function rankOrMiddle(name: string): number {
  return rankEnvironment(name) ?? 45;
}

/** The rank from which an environment holds live data. */
export const liveRank = 90;

// Not `local`, `ci`, `kind` and the like: nobody promotes a release there.
const stages: readonly (readonly [rank: number, names: string])[] = [
  [10, 'dev develop development'],
  [15, 'sandbox feature'],
  [20, 'test testing tst'],
  [25, 'int integration sit'],
  [30, 'qa quality'],
  [40, 'uat acc acceptance'],
  [50, 'stage staging stg'],
  [55, 'demo'],
  [60, 'pre preprod preproduction'],
  [liveRank, 'prod production prd live'],
];

const ranks: ReadonlyMap<string, number> = new Map(
  stages.flatMap(([rank, names]) => names.split(' ').map(name => [name, rank] as const)),
);
